import { expect, test } from "vitest";

import { aCourier, at, MINUTE_MS, NOW_MS } from "#shared/testing/rounds.ts";

import { suggestionOf, withAsked, type SuggestionRecord } from "./suggestion.ts";

const there = at(6_000);
const move = { courierId: "c", restaurantId: "r", point: there, wayMs: 6 * MINUTE_MS };
const made = suggestionOf("s", { marketId: "m", decisionId: null }, move, NOW_MS);
const courier = aCourier("c", { point: at(0) });

/** How a round sees the courier so many minutes after the suggestion. */
function seenAfter(minutes: number, over: Partial<SuggestionRecord> = {}, here = courier) {
  const asked = { suggestion: { ...made, ...over }, point: there };
  const { couriers, arrivedIds } = withAsked([here], () => asked, NOW_MS + minutes * MINUTE_MS);
  return { ...couriers[0], arrived: arrivedIds.length === 1 };
}

test("[DSP29] a suggestion stands for its way and five minutes more", () => {
  expect(made).toMatchObject({ madeAtMs: NOW_MS, expiresAtMs: NOW_MS + 11 * MINUTE_MS, endedAtMs: null, ended: null });
  expect(seenAfter(10.9)).toMatchObject({ askedTo: there, arrived: false });
  expect(seenAfter(11)).not.toHaveProperty("askedTo");
});

test.each([
  ["let it expire", {}, 11],
  ["said no", { ended: "dismissed", endedAtMs: NOW_MS + MINUTE_MS }, 1],
] as const)("[DSP29] who %s is left in peace for twenty minutes", (_, over, endedMin) => {
  expect(seenAfter(endedMin + 19.9, over)).toMatchObject({ stays: true });
  expect(seenAfter(endedMin + 20, over)).toEqual({ ...courier, arrived: false });
});

test.each(["arrived", "overtaken", "off-duty"] as const)("[DSP29] after %s one may be asked again at once", (ended) => {
  expect(seenAfter(1, { ended, endedAtMs: NOW_MS + MINUTE_MS })).toEqual({ ...courier, arrived: false });
});

test("[DSP29] who has come near the place has arrived, and is a courier like any other again", () => {
  const near = aCourier("c", { point: at(6_100) });
  expect(seenAfter(4, {}, near)).toEqual({ ...near, arrived: true });
  expect(seenAfter(4, {}, aCourier("c", { point: at(6_200) }))).toMatchObject({ askedTo: there, arrived: false });
  expect(withAsked([courier], () => undefined, NOW_MS)).toEqual({ couriers: [courier], arrivedIds: [] });
});
