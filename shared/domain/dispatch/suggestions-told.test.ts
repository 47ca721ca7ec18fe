import { expect, test } from "vitest";

import { suggestionsTold } from "./suggestions-told.ts";

const who = { courierId: "c", courierName: "Cleo" };
const ID = "0192f0c0-0000-7000-8000-00000000000";
const made = (n: number, atMs: number) => ({
  type: "suggestion.made",
  atMs,
  payload: {
    suggestion: {
      id: `${ID}${n}`,
      madeAtMs: atMs,
      expiresAtMs: atMs + 100,
      restaurantName: `R${n}`,
      restaurantLine: "",
      point: { lat: 0, lng: 0 },
      wayMs: 40,
    },
  },
});
const end = (how: string, atMs: number) => ({ type: `suggestion.${how}`, atMs, payload: { suggestion: null } });

test("[DSP48] each suggestion has its end: the courier's, a newer one's, or none before its time", () => {
  const told = suggestionsTold(who, [
    end("arrived", 1),
    made(1, 10),
    end("dismissed", 20),
    made(2, 30),
    made(3, 40),
    made(4, 500),
    end("overtaken", 510),
  ]);
  expect(told.map(({ restaurantName, ended, endedAtMs }) => [restaurantName, ended, endedAtMs])).toEqual([
    ["R1", "dismissed", 20],
    ["R2", "replaced", 40],
    ["R3", null, null],
    ["R4", "overtaken", 510],
  ]);
  expect(told[0]).toMatchObject({ ...who, madeAtMs: 10, expiresAtMs: 110, wayMs: 40 });
  expect(suggestionsTold(who, [{ ...made(1, 10), payload: { suggestion: { id: "of another form" } } }])).toEqual([]);
});
