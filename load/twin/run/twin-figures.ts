import type { HeardPosition } from "../../actors/recorder.ts";
import type { Verdict } from "../../check/checker.ts";
import { figuresOf, type Plan, type ReplayFigures } from "../../replay/figures.ts";
import type { DayOrder } from "../../replay/read-day.ts";
import type { Book } from "../play/book.ts";
import { beliefFigures, type BeliefFigures } from "../play/compare.ts";
import type { Counts } from "../play/life.ts";
import { logHash } from "./decision-log.ts";
import type { MachineUse } from "./machine.ts";
import type { TwinTime } from "./twin-time.ts";

/** What `--json` writes down: the replay's keys, and those of a twin. */
export interface TwinFigures extends ReplayFigures, BeliefFigures {
  /** Deployment seconds in a wall second, from the first order to the end of the last. */
  readonly speedReached: number;
  readonly cpuCores: number | null;
  readonly memoryMb: number | null;
  readonly timersLateP99Ms: number;
  /** Moments at which somebody was hungry, and how many of them came to no order. */
  readonly wanted: number;
  readonly unplaced: number;
  readonly concluded: number;
  readonly rejected: number;
  readonly cancelled: number;
  /** Orders in the store that neither were concluded nor ended for a stated reason. */
  readonly unended: number;
  /** Over all decisions and their times. */
  readonly logHash: string;
}

export interface TwinOutcome {
  readonly figures: TwinFigures;
  /** In words; the first of each kind. */
  readonly faults: readonly string[];
  /** Why orders were not delivered, and hungers came to no order, with how many. */
  readonly reasons: Readonly<Record<string, number>>;
}

/** What the store says of an order. */
export type EndedOrder = Pick<DayOrder, "id" | "status" | "endReason" | "pickedUpAtMs" | "deliveredAtMs">;

export interface OutcomeInput {
  readonly verdict: Verdict;
  readonly orders: readonly EndedOrder[];
  readonly eventCount: number;
  /** Disagreements about money, in words. */
  readonly money: readonly string[];
  readonly offers: number;
  readonly book: Book;
  /** As customers were shown them. */
  readonly positions: readonly HeardPosition[];
  readonly counts: Readonly<Counts>;
  readonly time: TwinTime;
  readonly speedReached: number;
  readonly use: MachineUse;
  /** Wall ms of every successful request. */
  readonly tookMs: readonly number[];
  readonly commitToClientMs: readonly number[];
  readonly strangersAnswered: readonly string[];
}

const FAULTS_TOLD = 20;

/** [TWN8, TWN9] */
export function outcomeOf(input: OutcomeInput): TwinOutcome {
  const { verdict, orders, money, offers, book, counts, time, use, strangersAnswered } = input;
  const unended = orders.filter((order) => !isEnded(order));
  const withStatus = (status: string) => orders.filter((order) => order.status === status).length;
  const replay = figuresOf({
    instanceOrders: counts.placed,
    packOrders: plansOf(book, time),
    orders,
    minuteOf: (atMs) => (atMs - time.fromMs) / 60_000,
    policyOnly: undefined,
    offers,
    events: input.eventCount,
    verdict,
    strangersAnswered: strangersAnswered.length,
    moneyMismatches: money.length,
    restMs: input.tookMs,
    commitToClientMs: input.commitToClientMs,
  });
  return {
    figures: {
      ...replay,
      ...beliefFigures(book, input.positions),
      speedReached: Math.round(input.speedReached * 100) / 100,
      ...use,
      wanted: counts.wanted,
      unplaced: counts.unplaced,
      concluded: withStatus("CONCLUDED"),
      rejected: withStatus("REJECTED"),
      cancelled: withStatus("CANCELLED"),
      unended: unended.length,
      logHash: logHash(book.decisions),
    },
    faults: [
      ...verdict.faults,
      ...strangersAnswered.slice(0, FAULTS_TOLD),
      ...money.slice(0, FAULTS_TOLD),
      ...unended.slice(0, FAULTS_TOLD).map(({ id, status }) => `unended: order ${id} is ${status}`),
    ],
    reasons: reasonsOf(book),
  };
}

/** Concluded, or ended otherwise for a stated reason. */
function isEnded({ status, endReason }: EndedOrder): boolean {
  if (status === "CONCLUDED") return true;
  return (status === "REJECTED" || status === "CANCELLED") && (endReason ?? "") !== "";
}

/** When orders were placed and their food truly stood there, minutes after the beginning. */
function plansOf({ orders }: Book, { fromMs }: TwinTime): Map<string, Plan> {
  const minuteOf = (atMs: number) => (atMs - fromMs) / 60_000;
  return new Map(
    [...orders.values()].map((order) => [
      order.orderId,
      { placedMin: minuteOf(order.placedAtMs), readyMin: minuteOf(order.cookedAtMs ?? order.placedAtMs) },
    ]),
  );
}

function reasonsOf({ orders, unplaced }: Book): Record<string, number> {
  const reasons = new Map([...unplaced].map(([reason, count]) => [`no order: ${reason}`, count]));
  for (const { status, endReason } of orders.values()) {
    if (endReason === null) continue;
    const reason = `${status.toLowerCase()}: ${endReason}`;
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return Object.fromEntries(reasons);
}
