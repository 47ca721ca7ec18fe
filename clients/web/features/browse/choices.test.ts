import { expect, test } from "vitest";

import type { MenuItem, ModifierGroup } from "#shared/contracts/views.ts";

import { chosenOptions, inStock, openGroups, ruleText, toggled, unitMinor } from "./choices.ts";
import { openText } from "./open-text.ts";
import { pointOf } from "./typed-point.ts";

const group = (id: string, minChoices: number, maxChoices: number): ModifierGroup => ({
  id,
  name: id,
  minChoices,
  maxChoices,
  options: ["a", "b", "c"].map((name, at) => ({ id: `${id}-${name}`, name, priceMinor: at * 100, available: true })),
});
const size = group("size", 1, 1);
const extras = group("extras", 0, 2);
const item: MenuItem = {
  id: "i",
  categoryId: "c",
  name: "Thali",
  description: "",
  priceMinor: 1000,
  available: true,
  stock: null,
  modifierGroups: [size, extras],
};

test("a required single choice is replaced, never taken away", () => {
  const first = toggled({}, size, "size-a");
  expect(toggled(first, size, "size-a")).toBe(first);
  expect(toggled(first, size, "size-b")).toEqual({ size: ["size-b"] });
});

test("no more options than the group takes", () => {
  const two = toggled(toggled({}, extras, "extras-c"), extras, "extras-a");
  expect(toggled(two, extras, "extras-b")).toBe(two);
  expect(chosenOptions(item, two).map((option) => option.id)).toEqual(["extras-a", "extras-c"]);
  expect(toggled(two, extras, "extras-c")).toEqual({ extras: ["extras-a"] });
});

test("what is missing and what it costs", () => {
  expect(openGroups(item, {}).map((each) => each.id)).toEqual(["size"]);
  expect(openGroups(item, { size: ["size-b"] })).toEqual([]);
  expect(unitMinor(item, { size: ["size-b"], extras: ["extras-c"] })).toBe(1300);
});

test("rules and stock in words", () => {
  expect([size, extras, group("x", 2, 3)].map(ruleText)).toEqual(["choose 1", "up to 2", "2 to 3"]);
  expect(inStock({ ...item, stock: 0 })).toBe(false);
  expect(inStock({ ...item, stock: 3 })).toBe(true);
});

test("a typed place is on Earth or none", () => {
  expect(pointOf("45,07", " 7.68 ")).toEqual({ lat: 45.07, lng: 7.68 });
  expect(pointOf("95", "7")).toBeUndefined();
  expect(pointOf("", "7")).toBeUndefined();
});

test("a closed restaurant says when it opens, in the market's time", () => {
  // Cast: only these fields are read.
  const closed = { open: false, paused: false, active: true, opensAtMs: Date.UTC(2026, 0, 5, 16, 0) } as Parameters<
    typeof openText
  >[0];
  expect(openText(closed, "Europe/Rome", Date.UTC(2026, 0, 5, 12, 0))).toMatch(/opens.*(17:00|05:00 PM)/);
  expect(openText({ ...closed, paused: true }, "Europe/Rome", 0)).toBe("Not taking orders just now");
});
