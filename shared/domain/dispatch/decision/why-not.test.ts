import { expect, test } from "vitest";

import { aCourier, aDelivery, at, MINUTE_MS, NOW_MS, router } from "#shared/testing/rounds.ts";

import { DEFAULT_SETTINGS } from "../round.ts";
import { decide } from "./decision-record.ts";
import { whyNot } from "./why-not.ts";

const record = decide(
  {
    nowMs: NOW_MS,
    deliveries: [0, 1, 2, 3].map((index) =>
      aDelivery(`d${index}`, { restaurantId: `r${index}`, pickup: at(index * 400), drop: at(index * 400 + 900) }),
    ),
    couriers: [
      ...[0, 1, 2, 3].map((index) => aCourier(`near${index}`, { point: at(index * 400) })),
      aCourier("far", { point: at(-2_400) }),
    ],
    router,
  },
  DEFAULT_SETTINGS,
);

test("[DSP46] who was passed over is told of the nearest orders, with own numbers and nobody else's", () => {
  const told = whyNot(record, "far", NOW_MS + MINUTE_MS / 2);
  expect(told.words).toBe("4 orders were looking for a courier in the last round; 5 on duty. The nearest to you:");
  expect(told.orders.map(({ restaurantId, verdict }) => [restaurantId, verdict])).toEqual([
    ["r0", "dearer"],
    ["r1", "dearer"],
    ["r2", "dearer"],
  ]);
  expect(told.orders[0]?.words).toContain("with the courier who was chosen food waits less");
  expect(JSON.stringify(told)).not.toMatch(/near[0-9]/u);
});

test("[DSP46] where there is nothing to be passed over for, it says so", () => {
  expect(whyNot(undefined, "far", NOW_MS)).toEqual({ words: "No order has looked for a courier yet.", orders: [] });
  expect(whyNot(record, "new", NOW_MS).words).toContain("did not know you yet");
  expect(whyNot(record, "far", NOW_MS + 25 * MINUTE_MS)).toEqual({
    words: "No order is looking for a courier; the last one did 25 min ago.",
    orders: [],
  });
  const empty = { ...record, input: { ...record.input, deliveries: [] } };
  expect(whyNot(empty, "far", NOW_MS).words).toBe("No order is looking for a courier.");
});

test("[DSP46] how long ago the last round was is said, and to whom it was offered that they were asked", () => {
  const told = whyNot(record, "near0", NOW_MS + 4 * MINUTE_MS);
  expect(told.words).toContain("in the last round, 4 min ago; 5 on duty.");
  expect(told.orders[0]).toMatchObject({
    verdict: "chosen",
    words: expect.stringMatching(/^You were asked for it then\. You are free now/u),
  });
});
