import type { Vehicle } from "../../city/city.ts";
import type { Point } from "../../geo/point.ts";
import type { Outcome, Task } from "../learning/task.ts";
import type { EtaParts } from "../parts.ts";
import type { Spread } from "../spread.ts";
import type { PartName } from "./part-model.ts";

/** An order that is over, as far as times are learned from it. Whatever was not noted is null. */
export interface FinishedOrder {
  readonly restaurantId: string;
  readonly restaurant: Point;
  /** The restaurant's own word for its usual minutes. */
  readonly prepMinutes: number;
  readonly items: number | null;
  readonly load: number | null;
  readonly createdAtMs: number | null;
  readonly confirmedAtMs: number | null;
  /** The kitchen's first word for ready. */
  readonly saidReadyAtMs: number | null;
  readonly readyAtMs: number | null;
  readonly deliveredAtMs: number;
  /** Null: fetched by its customer. */
  readonly carried: CarriedOrder | null;
}

export interface CarriedOrder {
  readonly door: Point;
  readonly vehicle: Vehicle;
  /** Its courier held nothing else between accepting and handing over. */
  readonly alone: boolean;
  readonly acceptedAtMs: number;
  /** The router's seconds from where its courier was then to the restaurant. */
  readonly approachWayS: number | null;
  readonly arrivedAtMerchantAtMs: number | null;
  readonly leftAtMs: number | null;
  /** The router's seconds from the restaurant to the door. */
  readonly rideWayS: number | null;
  readonly arrivedAtCustomerAtMs: number | null;
}

/** Longer than this something else went wrong: nobody is told such a time. */
const LONGEST_MS = 4 * 3_600_000;
/** Two taps one after the other are no duration. */
const SHORTEST_MS = 5_000;

const fact = (value: number | null) => value ?? Number.NaN;

/** Everything that the tasks of an order have in common. */
export interface TaskFacts {
  readonly restaurantId: string;
  readonly prepMinutes: number;
  readonly items: number | null;
  readonly load: number | null;
  readonly restaurant: Point;
}

/** What is asked of each part: the same when it is learned and when it is told. */
export const TASKS = {
  prep: (of: TaskFacts, at: At): Task => kitchenTask(of, at, of.prepMinutes * 60),
  word: (of: TaskFacts, at: At, saidMs: number): Task => kitchenTask(of, at, saidMs / 1000),
  /** Rounds send couriers when the food is nearly ready: the usual minutes stand for the way. */
  search: (of: TaskFacts, at: At): Task => kitchenTask(of, at, of.prepMinutes * 60),
  handover: (of: TaskFacts, at: At): Task => kitchenTask(of, at, 0),
  // Of a way under way only its length changes with each fix, so that no cell's edge moves what is told.
  approach: ({ restaurant }: TaskFacts, at: At, vehicle: Vehicle | undefined, wayS: number): Task =>
    wayTask(at, vehicle, restaurant, restaurant, wayS),
  ride: ({ restaurant }: TaskFacts, at: At, vehicle: Vehicle | undefined, door: Point, wayS: number): Task =>
    wayTask(at, vehicle, restaurant, door, wayS),
  drop: (at: At, vehicle: Vehicle | undefined, door: Point): Task => wayTask(at, vehicle, door, door, 0),
};

/** When it is asked. */
export type At = Pick<Task, "askedAtMs" | "hourOfWeek">;

function kitchenTask({ restaurant, restaurantId, items, load }: TaskFacts, at: At, way: number): Task {
  return { ...at, from: restaurant, to: restaurant, way, subject: restaurantId, facts: [fact(items), fact(load)] };
}

/** Before a courier is assigned nobody knows what will be ridden: the mean of all vehicles stands. */
const ANY_VEHICLE = "any vehicle";

function wayTask(at: At, vehicle: Vehicle | undefined, from: Point, to: Point, way: number): Task {
  return { ...at, from, to, way, subject: vehicle ?? ANY_VEHICLE, facts: [] };
}

/** An outcome of a part, and what the prior says of it. */
export interface PartOutcome {
  readonly outcome: Outcome;
  readonly prior: Spread;
}

/**
 * What an order teaches of each part. Of the courier's own parts only an order that was carried alone teaches: what was done
 * for another one in between would count as this one's. [ETA17]
 *
 * @param hourOfWeek of the market
 * @param priors of this order
 */
export function outcomesOf(
  order: FinishedOrder,
  hourOfWeek: (atMs: number) => number,
  priors: EtaParts,
): Partial<Record<PartName, PartOutcome>> {
  const took = takenBy(hourOfWeek);
  const { createdAtMs, confirmedAtMs, saidReadyAtMs, readyAtMs, carried } = order;
  const saidMs = saidReadyAtMs === null || confirmedAtMs === null ? 0 : saidReadyAtMs - confirmedAtMs;
  const arrivedMs = carried?.arrivedAtMerchantAtMs ?? null;
  return withoutNothing({
    prep: took(confirmedAtMs, readyAtMs, priors.prep(), (at) => TASKS.prep(order, at)),
    word: saidMs > 0 && took(confirmedAtMs, readyAtMs, priors.word(saidMs), (at) => TASKS.word(order, at, saidMs)),
    search: took(createdAtMs, arrivedMs, priors.search().spread, (at) => TASKS.search(order, at)),
    ...(carried?.alone ? carriedOutcomes(order, carried, took, priors) : {}),
  });
}

function carriedOutcomes(order: FinishedOrder, carried: CarriedOrder, took: Taken, priors: EtaParts) {
  const { vehicle, door, approachWayS, rideWayS, arrivedAtMerchantAtMs, leftAtMs, arrivedAtCustomerAtMs } = carried;
  const bothThereMs =
    order.readyAtMs === null || arrivedAtMerchantAtMs === null
      ? null
      : Math.max(order.readyAtMs, arrivedAtMerchantAtMs);
  return {
    approach:
      approachWayS !== null &&
      took(carried.acceptedAtMs, arrivedAtMerchantAtMs, priors.approach(approachWayS), (at) =>
        TASKS.approach(order, at, vehicle, approachWayS),
      ),
    handover: took(bothThereMs, leftAtMs, priors.handover(), (at) => TASKS.handover(order, at)),
    ride:
      rideWayS !== null &&
      took(leftAtMs, arrivedAtCustomerAtMs, priors.ride(rideWayS), (at) =>
        TASKS.ride(order, at, vehicle, door, rideWayS),
      ),
    drop: took(arrivedAtCustomerAtMs, order.deliveredAtMs, priors.drop(), (at) => TASKS.drop(at, vehicle, door)),
  };
}

type Taken = (
  fromMs: number | null,
  untilMs: number | null,
  prior: Spread,
  task: (at: At) => Task,
) => PartOutcome | undefined;

function takenBy(hourOfWeek: (atMs: number) => number): Taken {
  return (fromMs, untilMs, prior, task) => {
    if (fromMs === null || untilMs === null || untilMs < fromMs || untilMs - fromMs > LONGEST_MS) return undefined;
    const at = { askedAtMs: fromMs, hourOfWeek: hourOfWeek(fromMs) };
    return { outcome: { ...task(at), tookS: Math.max(SHORTEST_MS, untilMs - fromMs) / 1000 }, prior };
  };
}

function withoutNothing(
  all: Partial<Record<PartName, PartOutcome | false | undefined>>,
): Partial<Record<PartName, PartOutcome>> {
  return Object.fromEntries(Object.entries(all).filter(([, outcome]) => outcome));
}
