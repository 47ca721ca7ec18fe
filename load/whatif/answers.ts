import type { AnswerKind, OfferAnswer } from "#shared/domain/dispatch/refusals/learn-refusals.ts";
import { pooledShare } from "#shared/domain/dispatch/refusals/pooled-share.ts";

import { decisionsOf } from "../twin/world/chance.ts";

/** How an offer of that day was answered. */
export type StoredAnswer = Pick<OfferAnswer, "courierId" | "kind" | "afterMs">;

export interface Answer {
  readonly kind: AnswerKind;
  readonly afterMs: number;
}

/** How a courier answers when this delivery, the first of an offer, is offered for the `ordinal`th time. */
export type AnswerOf = (courierId: string, deliveryId: string, ordinal: number) => Answer;

/**
 * Couriers answer as they did that day: each by an own share of refusals, pooled with everybody's, after as long as somebody
 * took for such an answer. What is drawn hangs on the seed, the courier, the delivery and for the how-many-th time they are
 * asked, so that two policies that offer the same meet the same answer (common random numbers). Without an offer that day everybody accepts at once. [WIF3]
 */
export function answersBy(seed: number, answers: readonly StoredAnswer[]): AnswerOf {
  const decide = decisionsOf(seed);
  const took = {
    accepted: sortedMs(answers, "accepted"),
    declined: sortedMs(answers, "declined"),
    expired: sortedMs(answers, "expired"),
  };
  const all = countsOf(answers);
  const own = new Map(
    [...Map.groupBy(answers, ({ courierId }) => courierId)].map(([id, theirs]) => [id, countsOf(theirs)]),
  );
  const share = (courierId: string, kind: AnswerKind): number => {
    if (all.total === 0) return kind === "accepted" ? 1 : 0;
    const theirs = own.get(courierId);
    return pooledShare(theirs?.[kind] ?? 0, theirs?.total ?? 0, all[kind] / all.total);
  };
  return (courierId, deliveryId, ordinal) => {
    const rng = decide(courierId, deliveryId, ordinal);
    const draw = rng();
    const declined = share(courierId, "declined");
    const kind = draw < declined ? "declined" : draw < declined + share(courierId, "expired") ? "expired" : "accepted";
    const times = took[kind];
    return { kind, afterMs: times[Math.floor(rng() * times.length)] ?? 0 };
  };
}

function sortedMs(answers: readonly StoredAnswer[], kind: AnswerKind): number[] {
  return answers
    .filter((each) => each.kind === kind)
    .map(({ afterMs }) => afterMs)
    .toSorted((a, b) => a - b);
}

function countsOf(answers: readonly StoredAnswer[]): Record<AnswerKind | "total", number> {
  const counts = { accepted: 0, declined: 0, expired: 0, total: answers.length };
  for (const { kind } of answers) counts[kind] += 1;
  return counts;
}
