import { createWriteStream } from "node:fs";
import { once } from "node:events";

import type { Clock } from "#shared/lib/clock.ts";
import { wallClock } from "#shared/client/wall-clock.ts";

import { makeRecorder, type LoggedWatch } from "../../actors/recorder.ts";
import type { HistogramText } from "../histogram.ts";
import { idOf, peopleOf, planOf, type Person } from "../plan.ts";
import { makeBrowsing } from "./browsing.ts";
import { makeSayings, type CommitCounts } from "./commits.ts";
import { join, type Member } from "./members.ts";
import { Network, type NetworkCounts } from "./network.ts";
import { openLoop, preciseNowMs, type Schedule } from "./open-loop.ts";
import type { CrowdOrders } from "./orders.ts";
import { makeScreens, type LastShown } from "./positions.ts";
import { makeRider } from "./riding.ts";
import { makeTokenMint } from "./tokens.ts";

/** How a process of the swarm stands, told once a second. */
export interface CrowdState {
  readonly people: number;
  /** Connections opened so far, live now, and those whose watches are all granted. */
  readonly joined: number;
  readonly live: number;
  readonly caughtUp: number;
  readonly network: NetworkCounts;
  readonly commits: CommitCounts;
  readonly fixes: number;
  /** Positions that the hub has taken as newer. */
  readonly positionsTaken: number;
  readonly rest: { readonly answered: number; readonly refused: number; readonly over2S: number };
  readonly rawGaps: number;
  /** How late this process' own timers came since the last word, ms: above some tens its figures mean less. */
  readonly lateMs: number;
}

/** What it knows at the end; what its watchers were given is in the log file. */
export interface CrowdReport {
  readonly state: CrowdState;
  readonly fixToScreenMs: HistogramText;
  readonly restMs: HistogramText;
  readonly leaks: readonly string[];
  readonly lastShown: readonly LastShown[];
  readonly troubles: readonly (readonly [why: string, count: number])[];
}

export interface Crowd {
  /** Opens everybody's connection, no faster than the hubs answer. */
  open(): void;
  /** Orders move, couriers ride, people browse. @param commitsPerS instead of that of the orders */
  play(commitsPerS?: number): void;
  rest(): void;
  /** From here on connections end because the hubs do. */
  brace(): void;
  state(): CrowdState;
  /** Closes everything and writes the log. */
  end(): Promise<CrowdReport>;
}

/** Connections that are being opened at a time. */
const OPENING_AT_ONCE = 150;
const TOKENS_FOR_BROWSING = 64;
const preciseClock: Clock = { ...wallClock, nowMs: preciseNowMs };

/** One process' share of the swarm. */
export function makeCrowd(orders: CrowdOrders): Crowd {
  const plan = planOf(orders.connections);
  const network = new Network();
  const recorder = makeRecorder();
  const mint = makeTokenMint(orders.secret);
  const leaks: string[] = [];
  const onLeak = (what: string) => void leaks.push(what);
  const screens = makeScreens(plan, onLeak);
  const people = [...peopleOf(plan, orders.part, orders.parts)];
  const members: Member[] = [];
  const schedules: Schedule[] = [];
  const counts = { fixes: 0, positionsTaken: 0 };
  const lateness = watchLateness();
  const tokens = Array.from({ length: TOKENS_FOR_BROWSING }, (_, nth) => ({
    personId: idOf("customer", nth),
    roles: [{ role: "customer" as const, marketId: null, restaurantId: null }],
  }));
  const browsing = makeBrowsing(orders.hubs, plan, orders.marketId, (turn) => {
    const holder = tokens[turn % tokens.length];
    return holder ? mint(holder) : "";
  });
  let sayings: ReturnType<typeof makeSayings> | undefined;
  let riders: ReturnType<typeof makeRider>[] = [];

  function enter(person: Person): void {
    const deps = { orders, plan, network, recorder, clock: preciseClock, mint, onLeak };
    const member = join(deps, person, members.length);
    members.push(member);
    screens.follow(member);
  }

  const caughtUp = (): number =>
    members.reduce(
      (sum, { connection, watches }) => sum + Number(connection.isLive && connection.granted >= watches),
      0,
    );

  function prepare(): NonNullable<typeof sayings> {
    riders = members
      .filter(({ person }) => person.kind === "courier")
      .map((member) => makeRider(member, plan, orders.marketId, (kept) => (counts.positionsTaken += Number(kept))));
    return makeSayings(members, plan, orders.marketId, orders.delaysAnOrder);
  }

  const state = (): CrowdState => ({
    people: people.length,
    joined: members.length,
    live: network.counts.live,
    caughtUp: caughtUp(),
    network: network.counts,
    commits: sayings?.counts ?? { asked: 0, answered: 0, refused: 0, idle: 0 },
    ...counts,
    rest: browsing.counts,
    rawGaps: members.reduce((sum, { client }) => sum + client.stats.rawGaps, 0),
    lateMs: lateness.read(),
  });

  return {
    open() {
      const opening = openLoop(orders.connectPerS, () => {
        const person = people[members.length];
        if (!person) return opening.stop();
        if (members.length - network.counts.live < OPENING_AT_ONCE) enter(person);
      });
      schedules.push(opening);
    },
    play(commitsPerS = orders.commitsPerS) {
      for (const schedule of schedules.splice(0)) schedule.stop();
      sayings ??= prepare();
      const said = sayings;
      screens.measure(true);
      schedules.push(
        openLoop(commitsPerS, (_, turn) => said.next(turn)),
        openLoop(orders.restPerS, (atMs, turn) => browsing.next(atMs, turn)),
        openLoop((riders.length * 1000) / orders.fixEveryMs, (atMs, turn) => {
          counts.fixes += 1;
          riders[turn % riders.length]?.read(atMs);
        }),
      );
    },
    rest() {
      for (const schedule of schedules.splice(0)) schedule.stop();
      screens.measure(false);
    },
    brace() {
      network.endsExpected = true;
    },
    state,
    async end() {
      const last = state();
      for (const { client } of members) client.close();
      network.close();
      browsing.close();
      await writeLog(orders.logFile, orders.withhold ? withheld(recorder.log) : recorder.log);
      return {
        state: last,
        fixToScreenMs: screens.fixToScreenMs.toText(),
        restMs: browsing.tookMs.toText(),
        leaks,
        lastShown: screens.lastShown,
        troubles: [...network.reasons, ...(sayings?.reasons ?? [])],
      };
    },
  };
}

/** One event less for the first watcher who was given any. */
function withheld(log: readonly LoggedWatch[]): LoggedWatch[] {
  const victim = log.find(({ viewer, events }) => viewer.as === "customer" && events.length > 0);
  return log.map((watch) => (watch === victim ? { ...watch, events: watch.events.slice(1) } : watch));
}

async function writeLog(file: string, log: readonly LoggedWatch[]): Promise<void> {
  const out = createWriteStream(file);
  for (const watch of log) {
    // oxlint-disable-next-line no-await-in-loop -- waits while the disk is slow
    if (!out.write(`${JSON.stringify(watch)}\n`)) await once(out, "drain");
  }
  out.end();
  await once(out, "finish");
}

function watchLateness(): { read(): number } {
  const EVERY_MS = 20;
  let worst = 0;
  let expected = performance.now() + EVERY_MS;
  setInterval(() => {
    const nowMs = performance.now();
    worst = Math.max(worst, nowMs - expected);
    expected = nowMs + EVERY_MS;
  }, EVERY_MS).unref();
  return {
    read() {
      const told = worst;
      worst = 0;
      return Math.round(told);
    },
  };
}
