import type { LocalClock } from "../../restaurant/opening-hours.ts";
import type { Task } from "../learning/task.ts";
import {
  partsOfPriors,
  usualPrep,
  type EtaBeliefs,
  type EtaParts,
  type EtaPriors,
  type EtaQuestion,
} from "../parts.ts";
import type { Spread } from "../spread.ts";
import { TASKS, type At } from "./finished-order.ts";
import { askPart, type PartModels, type PartName } from "./part-model.ts";

const QUARTER_MS = 900_000;
const QUARTERS_KEPT = 10_000;

/** Hours since Monday 0:00 by the market's own clock, to the quarter: every zone is whole quarters off. */
export function hourOfWeekBy(clock: LocalClock): (atMs: number) => number {
  const kept = new Map<number, number>();
  return (atMs) => {
    const quarter = Math.floor(atMs / QUARTER_MS);
    const known = kept.get(quarter);
    if (known !== undefined) return known;
    const { weekday, minute } = clock(quarter * QUARTER_MS);
    const hour = ((weekday + 6) % 7) * 24 + minute / 60;
    if (kept.size >= QUARTERS_KEPT) kept.clear();
    kept.set(quarter, hour);
    return hour;
  };
}

/**
 * What is believed once parts were learned: each by its model, or by its prior where it has none. [ETA16]
 *
 * @param version of the models, 1 or more
 * @param clock the market's
 */
export function learnedBeliefs(version: number, models: PartModels, priors: EtaPriors, clock: LocalClock): EtaBeliefs {
  const hourOfWeek = hourOfWeekBy(clock);
  const momentOf = (atMs: number): At => ({ askedAtMs: atMs, hourOfWeek: hourOfWeek(atMs) });
  const ask = (part: PartName, prior: Spread, task: () => Task): Spread => {
    const model = models[part];
    return model ? askPart(model, task(), prior) : prior;
  };
  return {
    version,
    keyOf: ({ nowMs, restaurantId, items, load, door }) =>
      `${restaurantId}/${hourOfWeek(nowMs)}/${items}/${load}/${door?.lat}/${door?.lng}`,
    partsOf: (asked) => partsAsked(asked, ask, momentOf, priors),
  };
}

function partsAsked(
  asked: EtaQuestion,
  ask: (part: PartName, prior: Spread, task: () => Task) => Spread,
  momentOf: (atMs: number) => At,
  told: EtaPriors,
): EtaParts {
  const prior = partsOfPriors({ ...told, prep: usualPrep(asked.prepMinutes) });
  const { nowMs, door, createdAtMs, vehicle } = asked;
  const now = momentOf(nowMs);
  const started = momentOf(asked.confirmedAtMs ?? nowMs);
  // A word that was given again knows more than those that it was learned from.
  const word = (saidMs: number, before: Spread) =>
    asked.saidAgain ? before : ask("word", before, () => TASKS.word(asked, started, saidMs));
  return {
    prep: () => ask("prep", prior.prep(), () => TASKS.prep(asked, started)),
    word: (saidMs) => word(saidMs, prior.word(saidMs)),
    givenWord: (saidMs) => word(saidMs, prior.givenWord(saidMs)),
    search: () => {
      const { spread } = prior.search();
      const at = momentOf(createdAtMs ?? nowMs);
      const learned = ask("search", spread, () => TASKS.search(asked, at));
      // The prior counts from now on; what was learned counts from the payment.
      return learned === spread || createdAtMs === undefined
        ? { spread: learned }
        : { spread: learned, sinceAtMs: createdAtMs };
    },
    approach: (wayS) => ask("approach", prior.approach(wayS), () => TASKS.approach(asked, now, vehicle, wayS)),
    handover: () => ask("handover", prior.handover(), () => TASKS.handover(asked, now)),
    ride: (wayS) =>
      door === null
        ? prior.ride(wayS)
        : ask("ride", prior.ride(wayS), () => TASKS.ride(asked, now, vehicle, door, wayS)),
    drop: () => (door === null ? prior.drop() : ask("drop", prior.drop(), () => TASKS.drop(now, vehicle, door))),
  };
}
