import { randomUUID } from "node:crypto";

import { Refusal } from "#shared/contracts/errors.ts";
import { priorBeliefs } from "#shared/domain/eta/parts.ts";
import { haversineRouter } from "#shared/domain/router/haversine-router.ts";
import type { Clock } from "#shared/lib/clock.ts";
import { inTurns } from "#shared/lib/in-turns.ts";
import { seededRng, type Rng } from "#shared/lib/rng.ts";
import { connectDb, type Db } from "#shared/server/db/connect.ts";
import { makeUnitOfWork } from "#shared/server/db/unit-of-work.ts";
import { deadlineSweeps } from "#shared/server/life/deadlines.ts";
import { makeMarketReader } from "#shared/server/life/etas.ts";
import { etaPriorsFrom } from "#shared/server/routing/routers.ts";

import { orderUseCases } from "../../../hub/services/orders/all.ts";
import { MARKET, offerTo, truthOf, type Lane, type Race } from "./truth.ts";
import { faultOf, type Answered, type OfferStatus } from "./verdict.ts";

/** What becomes of races, by how their offers ended. */
export interface StoreFigures {
  readonly storeRaces: number;
  readonly storeWrong: number;
  readonly ends: Readonly<Partial<Record<OfferStatus, number>>>;
  /** Sentences for those that were wrong. */
  readonly faults: readonly string[];
}

export interface StoreRaces {
  readonly databaseUrl: string;
  readonly lanes: readonly Lane[];
  readonly races: number;
  readonly nowMs: number;
  readonly signal: AbortSignal;
  readonly tell: (sentence: string) => void;
}

const HOUR_MS = 3_600_000;
const POOL = 12;
const TOLD_EVERY = 500;
const SERVICE = { PICKUP_SERVICE_S: 240, DROPOFF_SERVICE_S: 240 };

/** Who takes part beside the courier's two devices and a stranger, race by race. */
const RIVALS = [
  [],
  ["decline"],
  ["expire"],
  ["assign"],
  ["pin"],
  ["decline", "expire", "assign", "pin"],
] as const satisfies readonly (readonly Answered["what"][])[];

/**
 * Races at the store: the use cases as two hubs and a worker run them, each with connections of its own, over one Postgres. Each
 * lane holds one race after the other; what an offer came to is read when all have been answered.
 */
export async function runStoreRaces(options: StoreRaces): Promise<StoreFigures> {
  const { databaseUrl, lanes, races, tell, signal } = options;
  const dbs = [0, 1].map((n) => connectDb(databaseUrl, { max: POOL, name: `races-${n}` }));
  const hubs = dbs.map((db) => hubOver(db, options.nowMs));
  const rng = seededRng(1);
  const ends: Partial<Record<OfferStatus, number>> = {};
  const faults: string[] = [];
  let begun = 0;
  let ended = 0;
  try {
    await inTurns(lanes, lanes.length, async (lane) => {
      // oxlint-disable no-await-in-loop -- one race after the other
      while (begun < races) {
        signal.throwIfAborted();
        begun += 1;
        const rivals = RIVALS[begun % RIVALS.length] ?? [];
        const { fault, end } = await runRace({ hubs, lane, rivals, rng, nowMs: options.nowMs });
        ends[end] = (ends[end] ?? 0) + 1;
        if (fault !== undefined) faults.push(fault);
        ended += 1;
        if (ended % TOLD_EVERY === 0) tell(`${ended} of ${races} races at the store, ${faults.length} wrong`);
      }
      // oxlint-enable no-await-in-loop
    });
  } finally {
    await Promise.all(dbs.map((db) => db.close()));
  }
  return { storeRaces: ended, storeWrong: faults.length, ends, faults };
}

/** What a hub and a worker do with a market, over connections of their own; at `nowMs`, sweeps two hours later. */
function hubOver(db: Db, nowMs: number) {
  const at = (atMs: number): Clock => ({ nowMs: () => atMs, rate: 1, after: () => () => {} });
  const uowAt = (atMs: number) => makeUnitOfWork({ db, clock: at(atMs), announce: () => {}, hint: () => {} });
  const priors = priorBeliefs(etaPriorsFrom(SERVICE));
  const market = makeMarketReader(
    () => haversineRouter({ speedMps: 5, detour: 1.3 }),
    () => priors,
  );
  const laterMs = nowMs + 2 * HOUR_MS;
  return {
    db,
    useCases: orderUseCases({
      db,
      uow: uowAt(nowMs),
      clock: at(nowMs),
      market,
      settle: () => Promise.reject(new Error("nothing is paid in a race")),
      positions: { keep: async () => {}, read: async (_, ids) => ids.map(() => undefined) },
      settings: { payWithinMs: HOUR_MS, confirmWithinMs: HOUR_MS, concludeAfterMs: HOUR_MS },
      hintRound: () => {},
    }),
    expire: () => deadlineSweeps({ db, uow: uowAt(laterMs), market }).unanswered(laterMs),
  };
}

type Hub = ReturnType<typeof hubOver>;

interface Running {
  readonly hubs: readonly Hub[];
  readonly lane: Lane;
  readonly rivals: readonly Answered["what"][];
  readonly rng: Rng;
  readonly nowMs: number;
}

async function runRace(running: Running): Promise<{ readonly fault: string | undefined; readonly end: OfferStatus }> {
  const { hubs, lane, rivals, rng, nowMs } = running;
  const [one] = hubs;
  if (!one) throw new Error("there is a hub");
  // Sweeps of other lanes reach only what is to expire.
  const expiresAtMs = nowMs + (rivals.includes("expire") ? 1 : 100) * HOUR_MS;
  const race = await offerTo(one.db, lane, nowMs, expiresAtMs);
  const runners = contenders(running, race).map((run) => ({ run, at: rng() }));
  // Not always the same one first, on the wire.
  const answers = await Promise.all(runners.toSorted((a, b) => a.at - b.at).map(({ run }) => run()));
  const truth = await truthOf(one.db, lane, race);
  const fault = faultOf(answers, truth);
  const ref = { marketId: MARKET, deliveryId: lane.deliveryId, reason: "The next race" };
  if (truth.pinned) await one.useCases["delivery.pin"](dispatcher(), { ...ref, pinned: false });
  if (truth.holderId !== null) await one.useCases["delivery.unassign"](dispatcher(), ref);
  return {
    fault: fault && `offer ${race.offerId} (against ${rivals.join(", ") || "itself"}): ${fault}`,
    end: truth.offer,
  };
}

/** Each with a key of its own; the courier's devices are at different hubs. */
function contenders({ hubs, lane, rivals, rng }: Running, { offerId }: Race): (() => Promise<Answered>)[] {
  const anyHub = (): Hub => {
    const hub = hubs[Math.floor(rng() * hubs.length)];
    if (!hub) throw new Error("there is a hub");
    return hub;
  };
  const offer = { marketId: MARKET, offerId };
  const ref = { marketId: MARKET, deliveryId: lane.deliveryId, reason: "By hand" };
  const accept = async ({ useCases }: Hub) => {
    const { work } = await useCases["offer.accept"](courier(lane.courier.personId), offer);
    return work.map(({ id }) => id);
  };
  const does: Readonly<Record<Exclude<Answered["what"], "accept">, () => Promise<unknown>>> = {
    decline: () => anyHub().useCases["offer.decline"](courier(lane.courier.personId), { ...offer, reason: "" }),
    expire: () => anyHub().expire(),
    assign: () => anyHub().useCases["delivery.assign"](dispatcher(), { ...ref, courierId: lane.rival.courierId }),
    pin: () => anyHub().useCases["delivery.pin"](dispatcher(), { ...ref, pinned: true }),
  };
  const whoOf = { decline: "courier", expire: "platform", assign: "dispatcher", pin: "dispatcher" } as const;
  return [
    ...hubs.map((hub) => () => answered("courier", "accept", () => accept(hub))),
    () => answered("stranger", "accept", () => anyHub().useCases["offer.accept"](courier(lane.rival.personId), offer)),
    ...rivals.flatMap((what) => (what === "accept" ? [] : [() => answered(whoOf[what], what, does[what])])),
  ];
}

async function answered(who: Answered["who"], what: Answered["what"], ask: () => Promise<unknown>): Promise<Answered> {
  try {
    const told = await ask();
    return { who, what, refusedAs: undefined, ...(Array.isArray(told) ? { inHand: told.map(String) } : {}) };
  } catch (error) {
    return { who, what, refusedAs: error instanceof Refusal ? error.code : `an error: ${String(error)}` };
  }
}

function courier(personId: string) {
  return callerOf(personId, "courier");
}

function dispatcher() {
  return callerOf(randomUUID(), "dispatcher");
}

function callerOf(personId: string, role: "courier" | "dispatcher") {
  const roles = [{ role, marketId: MARKET, restaurantId: null }];
  const identity = { personId, sessionId: personId, roles, expiresAtMs: Number.MAX_SAFE_INTEGER };
  return { identity, commandId: randomUUID() };
}
