import { expect, test } from "vitest";

import { causesOf, failedWith } from "./causes.ts";

const behind = (code: unknown, wrappers: number): Error => {
  let error = Object.assign(new Error("inmost"), { code });
  for (let count = 0; count < wrappers; count++)
    error = Object.assign(new Error("wrapper", { cause: error }), { code: "W" });
  return error;
};

test("a code is found on the error or behind those that wrap it, however it is asked", () => {
  const codes = new Set(["23505", "40P01"]);
  for (const wrappers of [0, 1, 3]) expect(failedWith(behind("23505", wrappers), codes)).toBe(true);
  for (const other of [
    behind("23503", 1),
    behind(23505, 0),
    new Error("none"),
    "23505",
    undefined,
    { code: "23505" },
  ]) {
    expect(failedWith(other, codes)).toBe(false);
  }
});

test("an error that is its own cause ends", () => {
  const error: Error & { cause?: unknown } = new Error("round");
  error.cause = error;
  expect([...causesOf(error)].length).toBeLessThan(10);
});
