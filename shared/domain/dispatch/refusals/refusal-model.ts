import type { LocalTime } from "../../restaurant/opening-hours.ts";

/** Ends of the classes of ways to the restaurant, ms; the last class has none. */
const WAY_ENDS_MS = [3, 6, 10, 15].map((minutes) => minutes * 60_000);
export const WAY_CLASSES = WAY_ENDS_MS.length + 1;
export const HOURS = 24;

/** How likely a courier is to refuse an offer: to decline it, or to let it expire. Kept with the round that it was used in. */
export interface Refusal {
  /** In a thousand, by the class of the way to the restaurant. Whole, so that costs are. */
  readonly permilleByWay: readonly number[];
  /** Own answers behind it; 0: it is everybody's. */
  readonly answers: number;
}

/** What was learned from how a market's couriers answered offers; see `learn-refusals.ts`. */
export interface RefusalModel {
  /** Answers that it was learned from. */
  readonly answers: number;
  /** Of all offers that were answered or let pass, 0..1. */
  readonly share: number;
  /** How many times as often as everybody's: by class of the way, and by the market's hour of the day. */
  readonly byWay: readonly number[];
  readonly byHour: readonly number[];
  /** The same by courier, beside how many answers there are of them. Who is not here is everybody. */
  readonly couriers: Readonly<Record<string, readonly [answers: number, ratio: number]>>;
}

/**
 * The class of a way to the restaurant.
 *
 * @param wayMs from leaving until the food could be in hand, were it ready
 */
export function wayClass(wayMs: number): number {
  let found = 0;
  while (found < WAY_ENDS_MS.length && wayMs >= (WAY_ENDS_MS[found] ?? 0)) found++;
  return found;
}

/** The hour of the day, 0..23. */
export function hourOf({ minute }: Pick<LocalTime, "minute">): number {
  return Math.floor(minute / 60);
}

/** The chance, 0..1, that this courier refuses: of a class of ways, at an hour of the market's day. */
export function refusalChance(model: RefusalModel, courierId: string, way: number, hour: number): number {
  const { share, byWay, byHour } = model;
  return Math.min(1, share * (byWay[way] ?? 1) * (byHour[hour] ?? 1) * knownOf(model, courierId).ratio);
}

function knownOf({ couriers }: RefusalModel, courierId: string): { readonly answers: number; readonly ratio: number } {
  const [answers, ratio] = (Object.hasOwn(couriers, courierId) ? couriers[courierId] : undefined) ?? [0, 1];
  return { answers, ratio };
}

/**
 * Couriers of a round with what was learned of their answers; without anything learned they are as they were. [DSP33]
 *
 * @param hour of the market's day, 0..23
 */
export function withRefusals<C extends { readonly id: string }>(
  couriers: readonly C[],
  model: RefusalModel | undefined,
  hour: number,
): readonly (C & { readonly refusal?: Refusal })[] {
  return model ? couriers.map((each) => ({ ...each, refusal: refusalOf(model, each.id, hour) })) : couriers;
}

/** The same as a round keeps it. */
export function refusalOf(model: RefusalModel, courierId: string, hour: number): Refusal {
  const chance = (_: unknown, way: number) => Math.round(1000 * refusalChance(model, courierId, way, hour));
  return {
    answers: knownOf(model, courierId).answers,
    permilleByWay: Array.from({ length: WAY_CLASSES }, chance),
  };
}
