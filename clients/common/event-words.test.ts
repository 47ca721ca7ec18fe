import { expect, test } from "vitest";

import { eventWords } from "./event-words.ts";
import { formatClock, formatClockSeconds } from "./format.ts";

test.each([
  ["delivery.delivery_ongoing", "The courier rides to the customer", "The courier rides to you"],
  ["delivery.assigned", "A dispatcher gave it to a courier", "A courier takes it"],
  ["order.ready", "The food is ready", "The food is ready"],
  ["offer.expired", "Offer not answered in time", "Offer not answered in time"],
  ["order.price_changed", "Price changed", "Price changed"],
  ["kitchen.on-fire", "Kitchen on fire", "Kitchen on fire"],
])("[SCR1] %s is “%s” to the office and “%s” to the customer", (type, office, customer) => {
  expect(eventWords(type, "office")).toBe(office);
  expect(eventWords(type, "customer")).toBe(customer);
});

test("[SCR2] a time of day is that of the zone, whatever the reader's own", () => {
  const atMs = Date.UTC(2026, 0, 3, 3, 5, 9);
  const words = (zone: string) => `${formatClock(atMs, zone)} ${formatClockSeconds(atMs, zone)}`;
  expect(words("America/Montevideo")).toMatch(/^(00|12):05(\sAM)? (00|12):05:09(\sAM)?$/u);
  expect(words("Asia/Tokyo")).toMatch(/^12:05(\sPM)? 12:05:09(\sPM)?$/u);
});
