import type { z } from "zod";

import type { deliveringCommands } from "./catalogue/delivering.ts";
import type { Fix } from "./geo.ts";
import type { Position } from "./streams.ts";

/*
 * What comes to a hub many times a second, read by hand. Each takes only what it is sure of: of exactly the schema's fields, all in their
 * bounds. Everything else it leaves to the schema, which alone refuses, fills in and takes away; a test holds that both say the same. [MOT15]
 */

type MotionInput = z.output<(typeof deliveringCommands)["motion.push"]["input"]>;
type TraceInput = z.output<(typeof deliveringCommands)["trace.push"]["input"]>;
type Fields = Readonly<Record<string, unknown>>;

const MARKET_ID = /^[a-z0-9-]{2,24}$/;
/** Of the letters that numbers are written in, all of which can be stored. */
const TRACE_TEXT = /^[?-~]+$/;
const MOST_LETTERS = 8_000;

/** @returns the input as its schema gives it; undefined: ask the schema. It holds no text but the market's name, so it is clean as well */
export function quickMotion(payload: unknown): MotionInput | undefined {
  if (!hasFields(payload, 2)) return undefined;
  const { marketId, motion } = payload;
  if (typeof marketId !== "string" || !MARKET_ID.test(marketId) || !isWholeFix(motion)) return undefined;
  const { speedMps, headingDeg } = motion;
  return speedMps === null || headingDeg === null
    ? undefined
    : { marketId, motion: { ...motion, speedMps, headingDeg } };
}

/** @returns the input as its schema gives it, clean as well; undefined: ask the schema */
export function quickTrace(payload: unknown): TraceInput | undefined {
  if (!hasFields(payload, 2)) return undefined;
  const { marketId, trace } = payload;
  if (typeof marketId !== "string" || !MARKET_ID.test(marketId)) return undefined;
  return typeof trace === "string" && trace.length <= MOST_LETTERS && TRACE_TEXT.test(trace)
    ? { marketId, trace }
    : undefined;
}

/** Whether it is a fix as its schema gives it; false: ask the schema. */
export function isWholeFix(value: unknown): value is Fix {
  if (!hasFields(value, 6)) return false;
  const { lat, lng, takenAtMs, accuracyM, speedMps, headingDeg } = value;
  return (
    isWithin(lat, -90, 90) &&
    isWithin(lng, -180, 180) &&
    isWithin(takenAtMs, 0, Number.MAX_SAFE_INTEGER) &&
    Number.isInteger(takenAtMs) &&
    isWithin(accuracyM, 0, 100_000) &&
    (speedMps === null || isWithin(speedMps, 0, 150)) &&
    (headingDeg === null || isWithin(headingDeg, 0, 360))
  );
}

/** @returns the position as its schema gives it, the very same object; undefined: ask the schema */
export function quickPosition(payload: unknown): Position | undefined {
  if (!hasFields(payload, 9)) return undefined;
  const { marketId, courierId, lat, lng, speedMps, headingDeg, takenAtMs, zone, carrying } = payload;
  const isPosition =
    typeof marketId === "string" &&
    typeof courierId === "string" &&
    typeof zone === "string" &&
    Number.isFinite(lat) &&
    Number.isFinite(lng) &&
    (speedMps === null || Number.isFinite(speedMps)) &&
    (headingDeg === null || Number.isFinite(headingDeg)) &&
    Number.isSafeInteger(takenAtMs) &&
    Array.isArray(carrying) &&
    carrying.every(isCarried);
  // Cast: every field has been looked at.
  return isPosition ? (payload as unknown as Position) : undefined;
}

function isCarried(each: unknown): boolean {
  if (!hasFields(each, 3)) return false;
  const { orderId, deliveryId, version } = each;
  return typeof orderId === "string" && typeof deliveryId === "string" && Number.isSafeInteger(version);
}

/** A record of so many fields. */
function hasFields(value: unknown, count: number): value is Fields {
  return typeof value === "object" && value !== null && Object.keys(value).length === count;
}

function isWithin(value: unknown, least: number, most: number): value is number {
  return typeof value === "number" && value >= least && value <= most;
}
