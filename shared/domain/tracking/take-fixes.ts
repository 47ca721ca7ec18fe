import type { Fix } from "../../contracts/geo.ts";
import type { Position } from "../../contracts/streams.ts";
import { nextZone } from "./next-zone.ts";
import { SCREEN_LIMITS, screenFix } from "./screen-fix.ts";

/** A phone's clock may go ahead by this much; a fix from further on would hold the marker still until its time came. */
const AHEAD_MS = 2 * 60_000;

/** The newest fix that was kept, with its zone. */
export type KeptFix = Fix & { readonly zone: string };

/** A batch in the order in which it is written down, without what lies in the future. */
export function inOrder(fixes: readonly Fix[], nowMs: number): Fix[] {
  const latestMs = nowMs + AHEAD_MS;
  return fixes.filter((fix) => fix.takenAtMs <= latestMs).toSorted((a, b) => a.takenAtMs - b.takenAtMs);
}

/**
 * Takes a batch of fixes: each that makes sense after the one before moves the marker. [RTM18, RTM20]
 *
 * @returns those that did, the newest of all, and the batch in the order in which it is written down
 */
export function takeFixes(
  fixes: readonly Fix[],
  before: KeptFix | undefined,
  nowMs: number,
): { readonly kept: readonly KeptFix[]; readonly newest: KeptFix | undefined; readonly sorted: readonly Fix[] } {
  const sorted = inOrder(fixes, nowMs);
  let newest = before;
  const kept: KeptFix[] = [];
  for (const fix of sorted) {
    if (screenFix(fix, newest, SCREEN_LIMITS) !== "keep") continue;
    newest = { ...fix, zone: nextZone(newest?.zone, fix) };
    kept.push(newest);
  }
  return { kept, newest, sorted };
}

/** A kept fix as it is announced. */
export function positionOf(
  fix: KeptFix,
  marketId: string,
  courierId: string,
  carrying: Position["carrying"],
): Position {
  const { lat, lng, speedMps, headingDeg, takenAtMs, zone } = fix;
  return { marketId, courierId, lat, lng, speedMps, headingDeg, takenAtMs, zone, carrying };
}
