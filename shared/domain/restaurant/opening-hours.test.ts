import fc from "fast-check";
import { expect, test } from "vitest";

import { isOpen, makeLocalClock, nextOpening, type OpeningSpan } from "./opening-hours.ts";

const MINUTE_MS = 60_000;
const montevideo = makeLocalClock("America/Montevideo");
const berlin = makeLocalClock("Europe/Berlin");
const at = (text: string) => Date.parse(text);

const spans = fc
  .record({
    weekday: fc.integer({ min: 0, max: 6 }),
    opensMinute: fc.integer({ min: 0, max: 1439 }),
    lasts: fc.integer({ min: 1, max: 1440 }),
  })
  .map(({ lasts, ...span }) => ({ ...span, closesMinute: span.opensMinute + lasts }));
const hours = fc.array(spans, { maxLength: 6 });
const instants = fc.integer({ min: at("2027-01-01T00:00:00Z"), max: at("2028-01-01T00:00:00Z") });

test("[PRC13] hours are those of the market's wall clock, summer time included", () => {
  const lunch: OpeningSpan[] = [{ weekday: 3, opensMinute: 12 * 60, closesMinute: 15 * 60 }];
  expect(isOpen(lunch, montevideo(at("2027-03-10T15:00:00Z")))).toBe(true);
  expect(isOpen(lunch, montevideo(at("2027-03-10T14:59:59Z")))).toBe(false);
  expect(isOpen(lunch, montevideo(at("2027-03-10T18:00:00Z")))).toBe(false);
  expect(isOpen(lunch, berlin(at("2027-03-24T11:00:00Z")))).toBe(true);
  expect(isOpen(lunch, berlin(at("2027-03-31T10:00:00Z")))).toBe(true);
  expect(isOpen(lunch, berlin(at("2027-03-31T13:00:00Z")))).toBe(false);
});

test("[PRC14] a closing past midnight counts on into the next day, from Saturday into Sunday too", () => {
  const late: OpeningSpan[] = [{ weekday: 6, opensMinute: 22 * 60, closesMinute: 26 * 60 }];
  expect(isOpen(late, { weekday: 6, minute: 23 * 60 })).toBe(true);
  expect(isOpen(late, { weekday: 0, minute: 119 })).toBe(true);
  expect(isOpen(late, { weekday: 0, minute: 120 })).toBe(false);
  expect(isOpen(late, { weekday: 6, minute: 119 })).toBe(false);
});

test("[PRC15] the next opening is the first minute at which it is open, in a zone without summer time", () => {
  fc.assert(
    fc.property(hours, instants, (week, atMs) => {
      fc.pre(!isOpen(week, montevideo(atMs)));
      const next = nextOpening(week, montevideo, atMs);
      expect(next === null).toBe(week.length === 0);
      fc.pre(next !== null);
      expect(next).toBeGreaterThan(atMs);
      expect(isOpen(week, montevideo(next))).toBe(true);
      expect(isOpen(week, montevideo(next - MINUTE_MS))).toBe(false);
    }),
    { numRuns: 300 },
  );
});

test("[PRC15] over a change of summer time the next opening is still open, and within eight days", () => {
  const nearChange = fc.integer({ min: at("2027-03-21T00:00:00Z"), max: at("2027-03-28T12:00:00Z") });
  fc.assert(
    fc.property(hours, nearChange, (week, atMs) => {
      const next = nextOpening(week, berlin, atMs);
      fc.pre(!isOpen(week, berlin(atMs)) && next !== null);
      expect(next - atMs).toBeLessThanOrEqual(8 * 24 * 60 * MINUTE_MS);
      // An opening that lies whole in the skipped hour does not come that week.
      const skipped = week.some((span) => span.closesMinute - span.opensMinute <= 60);
      expect(skipped || isOpen(week, berlin(next))).toBe(true);
    }),
  );
});
