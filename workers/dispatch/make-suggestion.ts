import { and, eq, isNull } from "drizzle-orm";

import { deliveries } from "#drizzle/schema/deliveries.ts";
import { markets } from "#drizzle/schema/people.ts";
import { couriers } from "#drizzle/schema/restaurants.ts";
import type { RoundOf } from "#shared/domain/dispatch/offer.ts";
import type { Move } from "#shared/domain/dispatch/round.ts";
import { suggestionOf } from "#shared/domain/dispatch/suggestion.ts";
import type { UnitOfWork, Work } from "#shared/server/db/unit-of-work.ts";
import { couriersOnDuty } from "#shared/server/life/board.ts";
import { putSuggestion } from "#shared/server/life/suggestions.ts";
import { newId } from "#shared/server/new-id.ts";

/**
 * Turns one move of a plan into a suggestion to its courier. Advice: it may come late, twice or never, and nothing follows from
 * it. Fenced as offers are: only while the round is still the market's newest, and the courier on duty with neither an offer
 * nor work; a newer suggestion takes the place of an older one. [DSP29]
 *
 * @returns whether it was made
 */
export async function makeSuggestion(uow: UnitOfWork, of: RoundOf, move: Move): Promise<boolean> {
  return uow.run(async (w) => {
    if (!(await isNewest(w, of)) || !(await lockIfIdle(w, of.marketId, move.courierId))) return false;
    await putSuggestion(w, suggestionOf(newId(), of, move, w.nowMs));
    return true;
  });
}

async function isNewest(w: Work, { marketId, round }: RoundOf): Promise<boolean> {
  const [market] = await w.tx
    .select({ round: markets.dispatchRound })
    .from(markets)
    .where(eq(markets.id, marketId))
    .for("share");
  return market?.round === round;
}

/** Offers, acceptances and shifts of one courier wait for this: whichever comes after it finds the suggestion and ends it. */
async function lockIfIdle(w: Work, marketId: string, courierId: string): Promise<boolean> {
  await w.tx
    .select({ id: couriers.id })
    .from(couriers)
    .where(and(eq(couriers.marketId, marketId), eq(couriers.id, courierId)))
    .for("update");
  const [duty] = await couriersOnDuty(w.tx, marketId, [courierId]);
  if (!duty || duty.hasOffer) return false;
  const held = and(
    eq(deliveries.marketId, marketId),
    eq(deliveries.courierId, courierId),
    isNull(deliveries.endedAtMs),
  );
  return (await w.tx.select({ id: deliveries.id }).from(deliveries).where(held).limit(1)).length === 0;
}
