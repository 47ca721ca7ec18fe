import type { LocalClock } from "../../restaurant/opening-hours.ts";
import { pooledShare } from "./pooled-share.ts";
import { hourOf, HOURS, refusalChance, WAY_CLASSES, wayClass, type RefusalModel } from "./refusal-model.ts";

export const ANSWER_KINDS = ["accepted", "declined", "expired"] as const;
export type AnswerKind = (typeof ANSWER_KINDS)[number];

/** How an offer was answered. One that was withdrawn says nothing of its courier, and is none. */
export interface OfferAnswer {
  readonly courierId: string;
  readonly kind: AnswerKind;
  readonly offeredAtMs: number;
  /** From the offer to the answer. */
  readonly afterMs: number;
  /** From leaving until the food could be in hand, as the round reckoned. */
  readonly wayMs: number;
}

/** Fewer answers of a market than this say nothing yet. */
export const FEWEST_ANSWERS = 50;
/** This share of the answers, the newest, is held out to try what was learned from the others. */
const HELD_OUT_SHARE = 0.2;

/** Whether it is worth to tell couriers, ways and hours apart: mean squared errors (Brier scores) on held-out answers. */
export interface RefusalTrial {
  readonly answers: number;
  readonly heldOut: number;
  readonly learned: number;
  /** Of the share of all, for everybody. */
  readonly shareAlone: number;
  readonly used: "learned" | "share";
}

/** An answer as far as it is learned from. */
interface Seen {
  readonly refused: 0 | 1;
  readonly way: number;
  readonly hour: number;
  readonly courierId: string;
}

/**
 * Learns how likely couriers are to refuse, as `share × way × hour × courier`. Each factor is how often there was a refusal
 * against how often the factors before it let expect one, both drawn towards everybody by {@link pooledShare}: so a courier who
 * is asked for long ways only is not blamed for them. (Indirect standardisation with a conjugate prior: Clayton and Kaldor,
 * "Empirical Bayes Estimates of Age-Standardized Relative Risks", Biometrics 1987.)
 *
 * The factors are believed only when they say the newest fifth better than the share of all does; else that share is all
 * that is learned. [DSP32]
 *
 * @param answers oldest first
 * @param clock the market's
 * @returns undefined when there are fewer than {@link FEWEST_ANSWERS}
 */
export function learnRefusals(
  answers: readonly OfferAnswer[],
  clock: LocalClock,
): { readonly model: RefusalModel; readonly trial: RefusalTrial } | undefined {
  if (answers.length < FEWEST_ANSWERS) return undefined;
  const seen = answers.map((each): Seen => {
    const hour = hourOf(clock(each.offeredAtMs));
    return { refused: each.kind === "accepted" ? 0 : 1, way: wayClass(each.wayMs), hour, courierId: each.courierId };
  });
  const heldOut = Math.round(seen.length * HELD_OUT_SHARE);
  const [older, newer] = [seen.slice(0, -heldOut), seen.slice(-heldOut)];
  const [learned, shareAlone] = [brier(fit(older), newer), brier(shareOnly(older), newer)];
  const used = learned < shareAlone ? "learned" : "share";
  const model = used === "learned" ? fit(seen) : shareOnly(seen);
  return { model, trial: { answers: seen.length, heldOut, learned, shareAlone, used } };
}

function shareOnly(seen: readonly Seen[]): RefusalModel {
  const share = seen.reduce((sum, { refused }) => sum + refused, 0) / seen.length;
  return { answers: seen.length, share, byWay: ones(WAY_CLASSES), byHour: ones(HOURS), couriers: {} };
}

function ones(count: number): number[] {
  return Array.from({ length: count }, () => 1);
}

function fit(seen: readonly Seen[]): RefusalModel {
  const all = shareOnly(seen);
  const { share } = all;
  // Nobody ever refused: there is nothing to tell apart.
  if (share === 0) return all;
  const expected = seen.map(() => share);
  const factorBy = <K>(keyOf: (each: Seen) => K): Map<K, Level> => {
    const levels = new Map<K, { answers: number; refused: number; expected: number }>();
    for (const [index, each] of seen.entries()) {
      const key = keyOf(each);
      const level = levels.get(key) ?? { answers: 0, refused: 0, expected: 0 };
      levels.set(key, level);
      level.answers += 1;
      level.refused += each.refused;
      level.expected += expected[index] ?? 0;
    }
    const ratios = new Map([...levels].map(([key, level]) => [key, { ...level, ratio: ratioOf(level, share) }]));
    for (const [index, each] of seen.entries())
      expected[index] = (expected[index] ?? 0) * (ratios.get(keyOf(each))?.ratio ?? 1);
    return ratios;
  };
  const byWay = factorBy(({ way }) => way);
  const byHour = factorBy(({ hour }) => hour);
  const byCourier = factorBy(({ courierId }) => courierId);
  return {
    ...all,
    byWay: all.byWay.map((_, way) => byWay.get(way)?.ratio ?? 1),
    byHour: all.byHour.map((_, hour) => byHour.get(hour)?.ratio ?? 1),
    couriers: Object.fromEntries([...byCourier].map(([id, { answers, ratio }]) => [id, [answers, ratio] as const])),
  };
}

interface Level {
  readonly answers: number;
  readonly ratio: number;
}

/** Expected refusals count as so many answers of ordinary difficulty. */
function ratioOf({ refused, expected }: { readonly refused: number; readonly expected: number }, share: number) {
  return pooledShare(refused, expected / share, share) / share;
}

function brier(model: RefusalModel, seen: readonly Seen[]): number {
  const sum = seen.reduce(
    (total, { refused, courierId, way, hour }) => total + (refusalChance(model, courierId, way, hour) - refused) ** 2,
    0,
  );
  return sum / seen.length;
}
