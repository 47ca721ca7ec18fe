import { createWriteStream } from "node:fs";
import { once } from "node:events";

import type { Clock } from "#shared/lib/clock.ts";
import { wallClock } from "#shared/client/wall-clock.ts";

import { makeRecorder, type LoggedWatch } from "../../actors/recorder.ts";
import { Histogram, type HistogramText } from "../histogram.ts";
import { idOf, peopleOf, planOf, type Person, type SwarmPlan } from "../plan.ts";
import { makeBrowsing, type Browsing } from "./browsing.ts";
import { makeSayings, type CommitCounts, type Sayings } from "./commits.ts";
import { join, type Member } from "./members.ts";
import { Network, type NetworkCounts } from "./network.ts";
import { openLoop, preciseNowMs, type Schedule } from "./open-loop.ts";
import type { CrowdOrders, Playing } from "./orders.ts";
import { makeScreens, type LastShown, type Screens } from "./positions.ts";
import { makeRider, type Rider } from "./riding.ts";
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

/** Connections that are being opened at a time. */
const OPENING_AT_ONCE = 150;
const TOKENS_FOR_BROWSING = 64;
const preciseClock: Clock = { ...wallClock, nowMs: preciseNowMs };
const NO_COMMITS: CommitCounts = { asked: 0, answered: 0, refused: 0, idle: 0 };

/** One process' share of the swarm. */
export class Crowd {
  readonly #orders: CrowdOrders;
  readonly #plan: SwarmPlan;
  readonly #people: readonly Person[];
  readonly #network = new Network();
  readonly #recorder = makeRecorder();
  readonly #leaks: string[] = [];
  readonly #mint: ReturnType<typeof makeTokenMint>;
  readonly #screens: Screens;
  readonly #browsing: Browsing;
  readonly #members: Member[] = [];
  readonly #schedules: Schedule[] = [];
  readonly #lateness = watchLateness();
  readonly #counts = { fixes: 0, positionsTaken: 0 };
  #sayings: Sayings | undefined;
  #riders: readonly Rider[] = [];

  constructor(orders: CrowdOrders) {
    this.#orders = orders;
    this.#plan = planOf(orders.connections);
    this.#people = [...peopleOf(this.#plan, orders.part, orders.parts)];
    this.#mint = makeTokenMint(orders.secret);
    this.#screens = makeScreens(this.#plan, (what) => void this.#leaks.push(what));
    this.#browsing = makeBrowsing(orders.hubs, this.#plan, orders.marketId, (turn) =>
      this.#mint({
        personId: idOf("customer", turn % TOKENS_FOR_BROWSING),
        roles: [{ role: "customer", marketId: null, restaurantId: null }],
      }),
    );
  }

  get state(): CrowdState {
    const members = this.#members;
    return {
      people: this.#people.length,
      joined: members.length,
      live: this.#network.counts.live,
      caughtUp: members.filter(({ connection, watches }) => connection.isLive && connection.granted >= watches).length,
      network: this.#network.counts,
      commits: this.#sayings?.counts ?? NO_COMMITS,
      ...this.#counts,
      rest: this.#browsing.counts,
      rawGaps: members.reduce((sum, { client }) => sum + client.stats.rawGaps, 0),
      lateMs: this.#lateness.read(),
    };
  }

  /** Opens everybody's connection, no faster than the hubs answer. */
  open(): void {
    const opening = openLoop({ perS: this.#orders.connectPerS }, () => {
      const person = this.#people[this.#members.length];
      if (!person) opening.stop();
      else if (this.#members.length - this.#network.counts.live < OPENING_AT_ONCE) this.#enter(person);
    });
    this.#schedules.push(opening);
  }

  /**
   * Orders move, couriers ride, people browse; all of it grows for a while: a city's peak does not begin with a blow.
   */
  play({ commitsPerS, restPerS, riding, rampMs }: Omit<Playing, "do">): void {
    this.#stop();
    const sayings = (this.#sayings ??= this.#prepare());
    const orders = this.#orders;
    this.#schedules.push(
      openLoop({ perS: commitsPerS ?? orders.commitsPerS, rampMs }, (_, turn) => sayings.next(turn)),
      openLoop({ perS: restPerS ?? orders.restPerS, rampMs }, (atMs, turn) => this.#browsing.next(atMs, turn)),
      ...(riding ? [this.#ride(orders.fixEveryMs, rampMs)] : []),
    );
  }

  measure(): void {
    this.#screens.measure(true);
    this.#browsing.measure();
  }

  /** Everybody who has set out reads a fix in turn. */
  #ride(fixEveryMs: number, setOutMs: number): Schedule {
    const riders = this.#riders;
    const startMs = preciseNowMs();
    return openLoop({ perS: (riders.length * 1000) / fixEveryMs }, (atMs, turn) => {
      const index = turn % riders.length;
      if (atMs - startMs < (index / riders.length) * setOutMs) return;
      this.#counts.fixes += 1;
      riders[index]?.read(atMs);
    });
  }

  /** Nobody does anything of their own accord. */
  rest(): void {
    this.#stop();
    this.#screens.measure(false);
  }

  /** From here on connections end because the hubs do. */
  brace(): void {
    this.#network.endsExpected = true;
  }

  /** Closes everything and writes the log. */
  async end(): Promise<CrowdReport> {
    const { state } = this;
    this.#stop();
    for (const { client } of this.#members) client.close();
    this.#network.close();
    this.#browsing.close();
    const restMs = new Histogram();
    for (const took of Object.values(this.#browsing.tookMs)) restMs.merge(took.toText());
    const { log } = this.#recorder;
    await writeLog(this.#orders.logFile, this.#orders.withhold ? withheld(log) : log);
    return {
      state,
      fixToScreenMs: this.#screens.fixToScreenMs.toText(),
      restMs: restMs.toText(),
      leaks: this.#leaks,
      lastShown: this.#screens.lastShown,
      troubles: [...this.#network.reasons, ...(this.#sayings?.reasons ?? [])],
    };
  }

  #enter(person: Person): void {
    const deps = {
      orders: this.#orders,
      plan: this.#plan,
      network: this.#network,
      recorder: this.#recorder,
      clock: preciseClock,
      mint: this.#mint,
      onLeak: (what: string) => void this.#leaks.push(what),
    };
    const member = join(deps, person, this.#members.length);
    this.#members.push(member);
    this.#screens.follow(member);
  }

  #prepare(): Sayings {
    const { marketId, delaysAnOrder } = this.#orders;
    const onAnswer = (kept: boolean) => void (this.#counts.positionsTaken += Number(kept));
    this.#riders = this.#members
      .filter(({ person }) => person.kind === "courier")
      .map((member) => makeRider(member, this.#plan, marketId, onAnswer));
    return makeSayings(this.#members, this.#plan, marketId, delaysAnOrder);
  }

  #stop(): void {
    for (const schedule of this.#schedules.splice(0)) schedule.stop();
  }
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
