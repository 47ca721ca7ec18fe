import { connectHub, type HubClient } from "#shared/client/hub-client.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import type { Role } from "#shared/contracts/roles.ts";
import type { Db } from "#shared/server/db/connect.ts";

import type { RunningSystem } from "../../../deploy/local/system.ts";
import { patientApi } from "../../actors/session.ts";
import { makeTokenMint } from "../../swarm/crowd/tokens.ts";
import { MARKET, offerTo, truthOf, type Lane, type Racer } from "./truth.ts";
import { faultOf, type Answered } from "./verdict.ts";

/** What `--json` writes down of the runs through the hubs; wall ms from the sending of an accept to its answer. */
export interface HubFigures {
  readonly runs: number;
  readonly accepts: number;
  readonly winners: number;
  readonly wrong: number;
  /** Accepts that were told the delivery is theirs, and that were refused, over all runs. */
  readonly done: number;
  readonly refused: number;
  /** Of those: not looked at, as the hub had too much to do; whoever asks later is answered. */
  readonly turnedAway: number;
  readonly tookMs: readonly number[];
  readonly faults: readonly string[];
}

export interface HubRuns {
  readonly system: RunningSystem;
  readonly db: Db;
  readonly lane: Lane;
  readonly accepts: number;
  readonly runs: number;
  readonly signal: AbortSignal;
  readonly tell: (sentence: string) => void;
}

/** Sockets of a person at each hub. */
const SOCKETS = 8;
/** One accept in so many is a stranger's. */
const STRANGER_EVERY = 10;
const HOUR_MS = 3_600_000;
const DEADLINE_MS = 120_000;

interface Taken {
  readonly answered: Answered;
  readonly tookMs: number;
}

/**
 * So many accepts of one offer at once, each with a command id of its own, half over sockets and half over REST, through all
 * hubs; nine in ten from the courier's own devices, the others from somebody whom it was not offered to. Run after run.
 */
export async function runThroughHubs(options: HubRuns): Promise<HubFigures> {
  const { system, db, lane, accepts, runs, tell, signal } = options;
  const people = [deviceOf(system, lane.courier), deviceOf(system, lane.rival)] as const;
  const dispatcher = patientApi(
    { hubUrls: system.hubUrls },
    undefined,
    tokenOf(system, { courierId: "", personId: lane.rival.personId }, "dispatcher"),
  );
  const tookMs: number[] = [];
  const faults: string[] = [];
  const counts = { winners: 0, done: 0, refused: 0, turnedAway: 0 };
  try {
    await Promise.all(people.map((each) => each.live()));
    for (let run = 1; run <= runs; run += 1) {
      signal.throwIfAborted();
      // oxlint-disable no-await-in-loop -- one run after the other
      const nowMs = Date.now();
      const race = await offerTo(db, lane, nowMs, nowMs + HOUR_MS);
      const input = { marketId: MARKET, offerId: race.offerId };
      const asked = Array.from({ length: accepts }, (_, index) => {
        const stranger = index % STRANGER_EVERY === STRANGER_EVERY - 1;
        return take(stranger ? "stranger" : "courier", () => people[stranger ? 1 : 0].accept(index, input));
      });
      const taken = await Promise.all(asked);
      const truth = await truthOf(db, lane, race);
      const answers = taken.map(({ answered }) => answered);
      const lookedAt = answers.filter(({ refusedAs }) => refusedAs !== "hub.overloaded");
      const fault = faultOf(lookedAt, truth);
      // oxlint-enable no-await-in-loop
      counts.winners += truth.offer === "accepted" ? truth.closings : 0;
      const done = answers.filter(({ refusedAs }) => refusedAs === undefined).length;
      counts.turnedAway += answers.length - lookedAt.length;
      counts.done += done;
      counts.refused += taken.length - done;
      for (const each of taken) tookMs.push(each.tookMs);
      if (fault !== undefined) faults.push(`run ${run}: ${fault}`);
      tell(
        `run ${run} of ${runs}: ${done} told that it is theirs, ${taken.length - done} refused, ${faults.length} wrong`,
      );
      const ref = { marketId: MARKET, deliveryId: lane.deliveryId, reason: "The next run" };
      // oxlint-disable-next-line no-await-in-loop
      if (truth.holderId !== null) await dispatcher.call("delivery.unassign", ref);
    }
  } finally {
    for (const each of people) each.close();
  }
  return { runs, accepts, ...counts, wrong: faults.length, tookMs, faults };
}

function tokenOf(system: RunningSystem, { personId }: Racer, role: Role): () => Promise<string> {
  const mint = makeTokenMint(system.secrets.jwtSecret);
  return async () => mint({ personId, roles: [{ role, marketId: MARKET, restaurantId: null }] });
}

/** A courier with several devices at every hub. */
function deviceOf(system: RunningSystem, racer: Racer) {
  const token = tokenOf(system, racer, "courier");
  const apis = system.hubUrls.map((url) => patientApi({ hubUrls: [url], patienceMs: DEADLINE_MS }, undefined, token));
  const sockets = Array.from({ length: SOCKETS }, () =>
    system.hubUrls.map((url) => connectHub({ url, namespace: "courier", token })),
  ).flat();
  return {
    live: () => Promise.all(sockets.map(isLive)),
    accept: async (index: number, input: { readonly marketId: string; readonly offerId: string }) => {
      const nth = Math.floor(index / 2);
      const [api, socket] = [apis[nth % apis.length], sockets[nth % sockets.length]];
      if (!api || !socket) throw new Error("there are hubs");
      const state =
        index % 2 === 0
          ? await api.call("offer.accept", input)
          : await socket.command("offer.accept", input, { deadlineMs: DEADLINE_MS });
      return state.work.map(({ id }) => id);
    },
    close: () => {
      for (const socket of sockets) socket.close();
    },
  };
}

function isLive(socket: HubClient): Promise<void> {
  if (socket.status === "live") return Promise.resolve();
  return new Promise((done) => {
    const stop = socket.onStatus((status) => {
      if (status !== "live") return;
      stop();
      done();
    });
  });
}

async function take(who: "courier" | "stranger", accept: () => Promise<readonly string[]>): Promise<Taken> {
  const sentMs = performance.now();
  const told = await accept().then(
    (inHand) => ({ refusedAs: undefined, inHand }),
    (error: unknown) => ({ refusedAs: error instanceof Refusal ? error.code : `an error: ${String(error)}` }),
  );
  return { answered: { who, what: "accept", ...told }, tookMs: performance.now() - sentMs };
}
