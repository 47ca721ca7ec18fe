import { and, eq, inArray, isNull } from "drizzle-orm";

import { restaurants } from "#drizzle/schema/restaurants.ts";
import { moveSuggestions } from "#drizzle/schema/suggestions.ts";
import type { SuggestionEnd } from "#shared/contracts/states.ts";
import type { MoveSuggestion } from "#shared/contracts/views.ts";
import {
  suggestionEndedTold,
  suggestionMadeTold,
  suggestionViewOf,
  type Asked,
  type SuggestionRecord,
} from "#shared/domain/dispatch/suggestion.ts";
import type { Actor } from "#shared/domain/order/change.ts";

import type { Tx } from "../db/connect.ts";
import type { Work } from "../db/unit-of-work.ts";

/** What the courier is advised; null when nothing is, or it has ended. One that has expired is still told, with its time. */
export async function suggestionOn(tx: Tx, marketId: string, courierId: string): Promise<MoveSuggestion | null> {
  const [row] = await withRestaurant(tx).where(
    and(
      eq(moveSuggestions.marketId, marketId),
      eq(moveSuggestions.courierId, courierId),
      isNull(moveSuggestions.endedAtMs),
    ),
  );
  return row ? suggestionViewOf(row.suggestion, row.restaurant) : null;
}

/** The newest suggestion to each of these couriers, ended or not, with the restaurant's place. */
export async function newestSuggestions(
  tx: Tx,
  marketId: string,
  courierIds: readonly string[],
): Promise<Map<string, Asked>> {
  if (courierIds.length === 0) return new Map();
  const rows = await withRestaurant(tx).where(
    and(eq(moveSuggestions.marketId, marketId), inArray(moveSuggestions.courierId, [...courierIds])),
  );
  return new Map(
    rows.map(({ suggestion, restaurant: { lat, lng } }) => [suggestion.courierId, { suggestion, point: { lat, lng } }]),
  );
}

/** Writes a suggestion in the place of an older one and tells its courier. The courier is locked. */
export async function putSuggestion(w: Work, suggestion: SuggestionRecord): Promise<void> {
  const { marketId, courierId } = suggestion;
  await w.tx
    .insert(moveSuggestions)
    .values(suggestion)
    .onConflictDoUpdate({ target: [moveSuggestions.marketId, moveSuggestions.courierId], set: suggestion });
  const view = await suggestionOn(w.tx, marketId, courierId);
  if (view) w.append(suggestionMadeTold(suggestion, view));
}

/**
 * Ends what the courier is advised, if anything is, and tells the courier: once, however often it is asked. Of all locks this
 * row's comes last.
 *
 * @param suggestionId this one alone, where a newer one may have taken its place
 */
export async function endSuggestion(
  w: Work,
  courier: { readonly marketId: string; readonly id: string },
  how: SuggestionEnd,
  actor: Actor,
  suggestionId?: string,
): Promise<void> {
  const [ended] = await w.tx
    .update(moveSuggestions)
    .set({ endedAtMs: w.nowMs, ended: how })
    .where(
      and(
        eq(moveSuggestions.marketId, courier.marketId),
        eq(moveSuggestions.courierId, courier.id),
        isNull(moveSuggestions.endedAtMs),
        suggestionId === undefined ? undefined : eq(moveSuggestions.id, suggestionId),
      ),
    )
    .returning();
  if (ended) w.append(suggestionEndedTold(ended, how, actor));
}

function withRestaurant(tx: Tx) {
  return tx
    .select({ suggestion: moveSuggestions, restaurant: restaurants })
    .from(moveSuggestions)
    .innerJoin(
      restaurants,
      and(eq(restaurants.marketId, moveSuggestions.marketId), eq(restaurants.id, moveSuggestions.restaurantId)),
    );
}
