import { expect, test } from "vitest";

import type { FoundPlace } from "#shared/contracts/catalogue/geocoding.ts";
import { FakeClock, settle } from "#shared/testing/fake-clock.ts";

import { makeAddressSearch, RESTS_AFTER_MS, type Suggestions } from "./address-search.ts";

const placeOf = (label: string): FoundPlace => ({
  kind: "street",
  label,
  line: label,
  quarter: null,
  point: { lat: 0, lng: 0 },
  exact: true,
  distanceM: null,
});

/** A hub that answers when the test says so. */
function setUp() {
  const clock = new FakeClock(0);
  const asked: { text: string; signal: AbortSignal; answer: () => void; fail: () => void }[] = [];
  const shown: Suggestions[] = [];
  const search = makeAddressSearch({
    clock,
    show: (each) => shown.push(each),
    search: (text, signal) =>
      new Promise((resolve, reject) => {
        const answer = () => resolve({ places: [placeOf(text)], attribution: "somebody" });
        asked.push({ text, signal, answer, fail: () => reject(new TypeError("fetch failed")) });
      }),
  });
  const labels = () => shown.at(-1)?.places.map(({ label }) => label) ?? [];
  return { clock, asked, shown, search, labels };
}

test("[GEO12] it is asked once typing rests, for the whole text, and never for less than two letters", async () => {
  const { clock, asked, search } = setUp();
  for (const text of ["c", "co", "col", "colo"]) {
    search.typed(text);
    await clock.advance(RESTS_AFTER_MS - 1);
  }
  expect(asked).toEqual([]);
  await clock.advance(1);
  expect(asked.map(({ text }) => text)).toEqual(["colo"]);
  search.typed("c");
  await clock.advance(RESTS_AFTER_MS * 2);
  expect(asked).toHaveLength(1);
});

test("[GEO12] what was asked before is dropped, and its answer is not shown", async () => {
  const { clock, asked, search, labels } = setUp();
  search.typed("colonia");
  await clock.advance(RESTS_AFTER_MS);
  search.typed("ejido");
  expect(asked[0]?.signal.aborted).toBe(true);
  await clock.advance(RESTS_AFTER_MS);
  asked[1]?.answer();
  await settle();
  expect(labels()).toEqual(["ejido"]);
  asked[0]?.answer();
  await settle();
  expect(labels()).toEqual(["ejido"]);
});

test("[GEO12] the last suggestions stay while others are asked for; a failure is said, and the same text asks again", async () => {
  const { clock, asked, shown, search, labels } = setUp();
  search.typed("colonia");
  await clock.advance(RESTS_AFTER_MS);
  asked[0]?.answer();
  await settle();
  search.typed("colonia 1");
  await clock.advance(RESTS_AFTER_MS);
  expect(labels()).toEqual(["colonia"]);
  expect(shown.at(-1)?.isAsking).toBe(true);
  asked[1]?.fail();
  await settle();
  expect(shown.at(-1)).toMatchObject({ isAsking: false, places: [], failure: { code: "offline" } });
  search.typed("colonia 1");
  await clock.advance(RESTS_AFTER_MS);
  expect(asked).toHaveLength(3);
});

test("[GEO12] after a stop nothing is asked and nothing arrives", async () => {
  const { clock, asked, shown, search } = setUp();
  search.typed("colonia");
  search.stop();
  await clock.advance(RESTS_AFTER_MS * 2);
  expect(asked).toEqual([]);
  search.typed("colonia");
  await clock.advance(RESTS_AFTER_MS);
  search.stop();
  asked[0]?.answer();
  await settle();
  expect(shown.at(-1)).toMatchObject({ isAsking: false, places: [] });
});
