import type { Vehicle } from "../city/city.ts";
import type { Point } from "../geo/point.ts";
import { legRouter } from "./leg-router.ts";
import { QuestionRefused, refusedPoints } from "./refused-points.ts";
import type { Leg, Router, TravelTable } from "./router.ts";

/** Somewhere that knows ways and takes its time. */
export interface RemoteTable {
  /**
   * All ways from each source to each destination; null where there is none.
   *
   * @throws {QuestionRefused} when something of this question has no street
   * @throws {Error} when it does not answer
   */
  table(
    vehicle: Vehicle,
    sources: readonly Point[],
    destinations: readonly Point[],
  ): Promise<{ readonly [K in keyof TravelTable]: readonly (readonly (number | null)[])[] }>;
}

export interface RememberedRouterOptions {
  readonly usual: Vehicle;
  /** Answers what the remote was not asked for yet, or does not know. */
  readonly meanwhile: Router;
  /** Sources, and destinations, of one question. */
  readonly atOnce: number;
  /** Questions under way. */
  readonly questions: number;
  /** Ways that are kept of each vehicle, at least; the oldest go first. */
  readonly kept: number;
  /** How long a way is used before it is asked for again. */
  readonly believedMs: number;
  /** How long it is left alone once it did not answer: whoever waits for ways waits for it once, not question after question. */
  readonly restMs: number;
  readonly nowMs: () => number;
  /** A way that was used and is not known. */
  readonly onMissing: () => void;
  readonly onFailure: (error: unknown) => void;
}

/** What the remote said, and until when it is believed. */
interface Told {
  /** Undefined: there is no way. */
  readonly leg: Leg | undefined;
  readonly untilMs: number;
}
/** No way is believed for no longer, since streets and services change. */
const NO_WAY_MS = 600_000;

/**
 * A router in memory of what a remote one was asked: who needs ways asks for them before ({@link Router.ask}), and whoever did
 * not is answered by another router at once, while the way is asked for behind. So nothing waits for a remote, and nothing
 * stops because of one.
 */
export function rememberedRouter(remote: RemoteTable, options: RememberedRouterOptions): Router {
  const { atOnce, questions, meanwhile } = options;
  const free = makeGate(questions);
  const routers = new Map<Vehicle, Router>();
  let restsUntilMs = -Infinity;
  const rests = () => options.nowMs() < restsUntilMs;

  const make = (vehicle: Vehicle): Router => {
    const known = makeMemory<Told>(options.kept);
    const knownOf = (from: Point, to: Point): Told | undefined => {
      const found = known.get(keyOf(from, to));
      return found && found.untilMs <= options.nowMs() ? undefined : found;
    };
    const keep = (from: Point, to: Point, leg: Leg | undefined): void => {
      known.set(keyOf(from, to), { leg, untilMs: options.nowMs() + (leg ? options.believedMs : NO_WAY_MS) });
    };
    const learn = async (sources: readonly Point[], destinations: readonly Point[]): Promise<void> => {
      const { durationsS, distancesM } = await remote.table(vehicle, sources, destinations);
      for (const [i, from] of sources.entries()) {
        for (const [j, to] of destinations.entries()) {
          const [durationS, distanceM] = [durationsS[i]?.[j], distancesM[i]?.[j]];
          const isWay = typeof durationS === "number" && typeof distanceM === "number";
          keep(from, to, isWay ? { durationS, distanceM } : undefined);
        }
      }
    };
    /** One point without a street would leave all ways of its question unknown. [DSP67] */
    const learnWithout = async (sources: readonly Point[], destinations: readonly Point[]): Promise<void> => {
      const refused = new Set(await refusedPoints([...new Set([...sources, ...destinations])], learn));
      for (const from of sources)
        for (const to of destinations) if (refused.has(from) || refused.has(to)) keep(from, to, undefined);
      const [others, wanted] = [sources, destinations].map((points) => points.filter((each) => !refused.has(each)));
      if (refused.size > 0 && others?.length && wanted?.length) await learn(others, wanted);
    };
    const question = async (sources: readonly Point[], destinations: readonly Point[]): Promise<void> => {
      // Some that waited for their turn do so behind one that was not answered.
      if (rests()) return;
      try {
        await learn(sources, destinations).catch((error: unknown) => {
          if (error instanceof QuestionRefused) return learnWithout(sources, destinations);
          throw error;
        });
      } catch (error) {
        restsUntilMs = options.nowMs() + options.restMs;
        options.onFailure(error);
      }
    };
    const ask = async (sources: readonly Point[], destinations: readonly Point[]): Promise<void> => {
      const unknown = sources.filter((from) => destinations.some((to) => !knownOf(from, to)));
      const wanted = destinations.filter((to) => unknown.some((from) => !knownOf(from, to)));
      await Promise.all(
        chunks(unknown, atOnce).flatMap((some) =>
          chunks(wanted, atOnce).map((others) => free.run(() => question(some, others))),
        ),
      );
    };
    const leg = (from: Point, to: Point): Leg => {
      const found = knownOf(from, to);
      if (found?.leg) return found.leg;
      options.onMissing();
      if (!found && free.idle() && !rests()) void ask([from], [to]);
      return meanwhile.leg(from, to);
    };
    return { ...legRouter(leg), by, ask };
  };
  const by = (vehicle: Vehicle): Router => {
    const router = routers.get(vehicle) ?? make(vehicle);
    routers.set(vehicle, router);
    return router;
  };
  return by(options.usual);
}

function keyOf(from: Point, to: Point): string {
  return `${from.lat},${from.lng};${to.lat},${to.lng}`;
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

/** Two generations: when the young one is full the old one goes. What is read stays young. */
function makeMemory<T>(kept: number) {
  let [young, old] = [new Map<string, T>(), new Map<string, T>()];
  const set = (key: string, value: T): void => {
    if (young.size >= kept) [young, old] = [new Map(), young];
    young.set(key, value);
  };
  return {
    set,
    get(key: string): T | undefined {
      const value = young.get(key);
      if (value !== undefined) return value;
      const before = old.get(key);
      if (before !== undefined) set(key, before);
      return before;
    },
  };
}

/** At most so many at a time, the others in the order in which they came. */
function makeGate(most: number) {
  let running = 0;
  const waiting: (() => void)[] = [];
  return {
    idle: () => running < most,
    async run(work: () => Promise<void>): Promise<void> {
      if (running >= most) await new Promise<void>((go) => waiting.push(go));
      else running += 1;
      await work();
      const next = waiting.shift();
      if (next) next();
      else running -= 1;
    },
  };
}
