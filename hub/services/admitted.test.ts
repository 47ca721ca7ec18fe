import { expect, test } from "vitest";

import { weightOf } from "./admitted.ts";

test.each([
  ["courier.read", "asks"],
  ["order.place", "asks"],
  ["session.open", "asks"],
  ["order.ready", "moves"],
  ["delivery.hand-over", "moves"],
  ["fix.push", "asks"],
] as const)("[LOD1] %s %s", (name, weight) => {
  expect(weightOf(name)).toBe(weight);
});
