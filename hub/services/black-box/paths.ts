import { and, asc, eq, gte, lte } from "drizzle-orm";

import { traces } from "#drizzle/schema/restaurants.ts";
import type { BlackBoxFix, BlackBoxPath, Stretch } from "#shared/contracts/black-box.ts";
import { SCREEN_LIMITS, screenFix } from "#shared/domain/tracking/screen-fix.ts";
import type { Tx } from "#shared/server/db/connect.ts";

const MINUTE_MS = 60_000;
/** Fixes told of one stretch: three quarters of an hour at one a second; a longer ride is thinned, and says so. */
const MOST_FIXES = 2_700;

/** Nobody carries an order for longer; one that never came to its end would have a courier's whole life read. */
const LONGEST_MS = 4 * 60 * MINUTE_MS;

/** The courier's trace within a stretch, every fix that was written down. */
export async function pathOf(
  tx: Tx,
  marketId: string,
  stretch: Stretch,
  name: string,
  nowMs: number,
): Promise<BlackBoxPath> {
  const toMs = Math.min(stretch.toMs ?? nowMs, stretch.fromMs + LONGEST_MS);
  const rows = await tx
    .select({ fixes: traces.fixes })
    .from(traces)
    .where(
      and(
        eq(traces.marketId, marketId),
        eq(traces.courierId, stretch.courierId),
        gte(traces.minuteAtMs, Math.floor(stretch.fromMs / MINUTE_MS) * MINUTE_MS),
        lte(traces.minuteAtMs, toMs),
      ),
    )
    .orderBy(asc(traces.minuteAtMs));
  const within = screened(rows.flatMap((row) => row.fixes)).filter(
    (fix) => fix.takenAtMs >= stretch.fromMs && fix.takenAtMs <= toMs,
  );
  const everyNth = Math.max(1, Math.ceil(within.length / MOST_FIXES));
  return { ...stretch, name, everyNth, fixes: within.filter((_, index) => index % everyNth === 0) };
}

/** Fixes as they stand in a row, with what the live marker would have made of each. */
function screened(rows: readonly (readonly (number | null)[])[]): BlackBoxFix[] {
  let kept: BlackBoxFix | undefined;
  return rows.map(([takenAtMs, lat, lng, accuracyM]) => {
    const fix = { takenAtMs: takenAtMs ?? 0, lat: lat ?? 0, lng: lng ?? 0, accuracyM: accuracyM ?? 0 };
    const moved = screenFix(fix, kept, SCREEN_LIMITS) === "keep";
    const told = { ...fix, moved };
    if (moved) kept = told;
    return told;
  });
}
