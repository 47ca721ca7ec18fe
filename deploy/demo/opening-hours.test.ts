import fc from "fast-check";
import { expect, test } from "vitest";

import { parseOpeningHours } from "./opening-hours.ts";

/** "Mo 540-1320" for each span, for reading. */
function told(text: string): string {
  const days = ["Su", "Mo", "Tu", "We", "Th", "Fr", "Sa"];
  const spans = parseOpeningHours(text);
  if (spans === null) return "unknown";
  return spans
    .map(({ weekday, opensMinute, closesMinute }) => `${days[weekday]} ${opensMinute}-${closesMinute}`)
    .join(", ");
}

test.each([
  ["Mo-Tu 09:00-22:00", "Mo 540-1320, Tu 540-1320"],
  ["Sa-Mo 10:00-11:00", "Su 600-660, Mo 600-660, Sa 600-660"],
  ["Fr, Sa 21:00-05:00", "Fr 1260-1740, Sa 1260-1740"],
  ["We 12:00-15:00,20:00-24:00", "We 720-900, We 1200-1440"],
  ["Mo 11:30-15:30, 19:30-00:00", "Mo 690-930, Mo 1170-1440"],
  ["Mo 09:00-12:00; Mo 13:00-14:00", "Mo 780-840"],
  ["Mo 09:00-12:00, Mo 13:00-14:00", "Mo 540-720, Mo 780-840"],
  ["Mo-Tu 09:00-22:00, Sa 10:30-22:00; Su 12:00-22:00", "Su 720-1320, Mo 540-1320, Tu 540-1320, Sa 630-1320"],
  ["Mo-We 09:00-10:00; Tu off", "Mo 540-600, We 540-600"],
  ["9:30-23:30; Mo-Sa off", "Su 570-1410"],
])("[DMO3] %s", (text, spans) => {
  expect(told(text)).toBe(spans);
});

test("[DMO3] 24/7 and times without days are every day", () => {
  expect(parseOpeningHours("24/7")).toHaveLength(7);
  expect(parseOpeningHours("11:00-23:00")).toHaveLength(7);
});

test.each([
  '""',
  "",
  "Mo-Sa",
  "Mo-Fr 12:00",
  "sunrise-sunset",
  'Mo-Fr 09:00-18:00 "by appointment"',
  "PH off",
  "Jan-Mar 10:00-12:00",
  "Mo 25:00-26:00",
])("[DMO3] what is only half understood is unknown: %s", (text) => {
  expect(told(text)).toBe("unknown");
});

test("[DMO3] whatever is written, spans are in a week and close after they open", () => {
  const part = fc.constantFrom("Mo", "-", "Sa", ",", ";", " ", "09:00-12:00", "20:00-02:00", "off", "x", "24:00");
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      for (const span of parseOpeningHours(parts.join("")) ?? []) {
        expect(span.weekday).toBeGreaterThanOrEqual(0);
        expect(span.weekday).toBeLessThanOrEqual(6);
        expect(span.closesMinute).toBeGreaterThan(span.opensMinute);
        expect(span.closesMinute).toBeLessThanOrEqual(2880);
      }
    }),
  );
});
