import { makeHubClient, type HubClient } from "../client/hub-client.ts";
import type { Api } from "../client/rest-client.ts";
import type { CommandInput, CommandName, CommandOutput } from "../contracts/catalogue/catalogue.ts";
import type { HeldRole } from "../contracts/catalogue/accounts.ts";
import type { Namespace } from "../contracts/catalogue/command.ts";
import type { Position, StoredEvent } from "../contracts/streams.ts";
import { DEFAULT_SETTINGS, type RoundSettings } from "../domain/dispatch/round.ts";
import type { EventDraft } from "../domain/order/change.ts";
import type { Identity } from "../domain/rights/identity.ts";
import { motionPlace } from "../domain/tracking/motion/motion.ts";
import { seededRng } from "../lib/rng.ts";
import { accountCases, addPerson, personOf, SESSION_ENDS_AT_MS, tokenOf } from "./account-cases.ts";
import { makeSimApi, overLink } from "./api.ts";
import { browsingCases } from "./browsing-cases.ts";
import type { SimCases, SimDeps, SimSettings } from "./cases.ts";
import { makeCommand } from "./commands.ts";
import { courierCases } from "./courier-cases.ts";
import { makeSimDeadlines } from "./deadlines.ts";
import { makeSimEdge } from "./edge.ts";
import { SimHub } from "./hub.ts";
import { makeSimLife, type SimWork } from "./life.ts";
import { makeLink, type Latency } from "./link.ts";
import { addMarket, type SimMarketOptions } from "./market.ts";
import { opsCases } from "./ops-cases.ts";
import { orderCases } from "./order-cases.ts";
import { makeSimPayments } from "./payments.ts";
import { makeSimPositions } from "./positions.ts";
import { makeSimRounds } from "./rounds.ts";
import { makeSimSettle } from "./settle.ts";
import { SimClock } from "./sim-clock.ts";
import { makeSimIds } from "./sim-ids.ts";
import { SimStore, type SimBooking } from "./store.ts";

export interface SimPlatformOptions {
  /** The same seed, asked the same things at the same times, gives the same run bit for bit. */
  readonly seed: number;
  /** Where simulated time begins, epoch ms. */
  readonly startAtMs?: number;
  readonly market: SimMarketOptions;
  /** The rounds' settings; the deployment's own where they are left out. */
  readonly rounds?: RoundSettings;
  readonly settings?: Partial<SimSettings>;
  /** How often arrivals are reckoned anew from couriers' places, half a minute where it is left out; 0 for never. */
  readonly refreshEtasEveryMs?: number;
  /** How long a request or a frame is under way; 3 to 9 ms where it is left out. */
  readonly latency?: Latency;
}

/** Somebody who is signed in: what an actor plays with. */
export interface SimSession {
  readonly personId: string;
  readonly token: () => Promise<string>;
  readonly api: Api;
  connect(namespace: Namespace): HubClient;
}

export interface SimPlatform {
  readonly clock: SimClock;
  /** Gives an account these roles, in the order given. The first one opens it. Administrators are made so; others also by the API. */
  person(
    account: { readonly email: string; readonly name: string; readonly password: string },
    ...roles: HeldRole[]
  ): string;
  /**
   * Asks the public API at once, without a way and before time goes on: for setting a stage.
   *
   * @throws {Refusal} with the code that the API refuses with
   */
  ask<N extends CommandName>(name: N, input: CommandInput<N>, personId?: string): CommandOutput<N>;
  /** The public API as this person, or as nobody. */
  api(personId?: string): Api;
  session(personId: string): SimSession;
  /** Confirms a payment as a customer's browser does at the payment provider; the provider's webhook follows. */
  pay(clientSecret: string, card?: string): Promise<void>;
  /** Every event so far, in the order in which they were written. */
  events(): readonly StoredEvent[];
  ledger(): readonly SimBooking[];
  /** Requests answered so far, by REST and by socket. */
  readonly requests: () => number;
  readonly store: SimStore;
}

const SETTINGS: SimSettings = {
  payWithinMs: 900_000,
  confirmWithinMs: 300_000,
  concludeAfterMs: 3_600_000,
  offerLifeMs: 30_000,
};
const ROUNDS: RoundSettings = { ...DEFAULT_SETTINGS, roundMs: 10_000 };
const LATENCY: Latency = [3, 9];
/** A hint to a worker takes this long to be heard. */
const HINT_MS = 20;
/** The sweeper looks once in so long. */
const SWEEP_EVERY_MS = 1_000;
const REFRESH_ETAS_EVERY_MS = 30_000;
/** From the card to the provider's webhook. */
const WEBHOOK_MS = 300;

/**
 * A platform in memory, on a clock that jumps from event to event, behind the same ports that actors use of the real one.
 * Nothing in it is a second opinion: what is decided, is decided by the domain's functions. [SMP4-SMP8]
 */
export function makeSimPlatform(options: SimPlatformOptions): SimPlatform {
  const clock = new SimClock(options.startAtMs);
  const nowMs = () => clock.nowMs();
  const rngOf = (use: number) => seededRng(Math.imul(options.seed, 31) + use);
  const newId = makeSimIds(nowMs, rngOf(1));
  const [wayRng, backoffRng] = [rngOf(2), rngOf(3)];
  const rounds = options.rounds ?? ROUNDS;
  const store = new SimStore(newId);
  addMarket(store, options.market);

  const onDeadline = (orderId: string, atMs: number) =>
    clock.after(atMs - nowMs() + sweepLag(atMs), () => deadlines.order(orderId));
  const life = makeSimLife(store, onDeadline);
  const run = <T>(work: (w: SimWork) => T): T => {
    const drafts: EventDraft[] = [];
    const owed: string[] = [];
    const w: SimWork = {
      nowMs: nowMs(),
      append: (told) => void drafts.push({ ...told, atMs: nowMs() }),
      owe: (orderId) => void owed.push(orderId),
    };
    const answer = work(w);
    hub.announce(store.append(drafts));
    for (const orderId of owed) clock.after(HINT_MS, () => settle(orderId));
    return answer;
  };
  const base = {
    store,
    life,
    payments: makeSimPayments(),
    settings: { ...SETTINGS, ...options.settings },
    nowMs,
    newId,
    run,
    onDeadline,
    hintRound: makeHint(clock, (marketId) => workers.round(marketId, soonestOf(rounds.roundMs))),
  };
  const settle = makeSimSettle(base);
  const deps: SimDeps = { ...base, settle, command: makeCommand(run) };
  const positions = makeSimPositions(deps, clock, {
    order: (orderId, frame) => hub.position(options.market.id, { ...frame, orderId }),
    zone: (marketId, frame) => hub.zone(marketId, frame),
  });
  const lastPlace = (courierId: string): Position | undefined => {
    const position = positions.last(courierId);
    return position && { ...position, ...motionPlace(position, nowMs()) };
  };
  const deadlines = makeSimDeadlines(deps);
  const workers = makeSimRounds({
    ...deps,
    rounds,
    lastPlace,
    onOffer: (offerId, atMs) => void clock.after(atMs - nowMs() + sweepLag(atMs), () => deadlines.offer(offerId)),
  });
  const cases: SimCases = {
    ...accountCases(deps),
    ...browsingCases(deps),
    ...orderCases(deps),
    ...courierCases(deps),
    ...opsCases(deps, lastPlace),
    "motion.push": positions.pushMotion,
    "trace.push": positions.pushTrace,
  };
  let requests = 0;
  let intentions = 0;
  const newKey = () => `intention ${(intentions += 1)}`;
  const caseEdge = makeSimEdge(cases);
  const edge: typeof caseEdge = (...asked) => {
    requests += 1;
    return caseEdge(...asked);
  };
  const link = () => makeLink(clock, wayRng, options.latency ?? LATENCY);
  const identityOf = (token: string | undefined) => identityIn(store, personOf(token));
  const hub: SimHub = new SimHub({ store, life, edge, clock, identityOf, link, shown: positions.shown });
  every(clock, rounds.roundMs, () => workers.round(options.market.id, rounds.roundMs * 0.9));
  every(clock, options.refreshEtasEveryMs ?? REFRESH_ETAS_EVERY_MS, () => workers.refreshEtas());

  const api = (personId?: string): Api => makeSimApi(edge, link, newKey, () => identityIn(store, personId));
  const [toProvider, fromProvider] = [link(), link()];
  return {
    clock,
    store,
    requests: () => requests,
    // Cast: the edge answers this name with this command's output.
    ask: <N extends CommandName>(name: N, input: CommandInput<N>, personId?: string) =>
      edge(name, { identity: identityIn(store, personId), key: newId() }, input) as CommandOutput<N>,
    person: (account, ...roles) => roles.map((role) => addPerson(deps, account, role).id)[0] ?? "",
    api,
    session: (personId) => ({
      personId,
      token: () => Promise.resolve(tokenOf(personId)),
      api: api(personId),
      connect: (namespace) => {
        const token = () => tokenOf(personId);
        return makeHubClient({ token, clock, random: backoffRng, newKey }, hub.transport(namespace, token));
      },
    }),
    pay: (clientSecret, card = "pm_card_visa") =>
      overLink(toProvider, fromProvider, () => {
        const orderId = deps.payments.confirm(clientSecret, card);
        clock.after(WEBHOOK_MS, () => settle(orderId));
      }),
    events: () => store.events,
    ledger: () => store.bookings,
  };
}

/** What a deadline waits until the sweeper's next look. */
function sweepLag(atMs: number): number {
  return (SWEEP_EVERY_MS - (atMs % SWEEP_EVERY_MS)) % SWEEP_EVERY_MS;
}

/** A hint brings a round forward, but not closer than this to the last. */
function soonestOf(roundMs: number): number {
  return Math.min(roundMs, Math.max(1_000, roundMs / 5));
}

function every(clock: SimClock, everyMs: number, work: () => void): void {
  if (everyMs === 0) return;
  const again = () => {
    work();
    clock.after(everyMs, again);
  };
  clock.after(everyMs, again);
}

/** A storm of hints asks for one round. */
function makeHint(clock: SimClock, round: (marketId: string) => void): (marketId: string) => void {
  const hinted = new Set<string>();
  return (marketId) => {
    if (hinted.has(marketId)) return;
    hinted.add(marketId);
    clock.after(HINT_MS, () => {
      hinted.delete(marketId);
      round(marketId);
    });
  };
}

function identityIn(store: SimStore, personId: string | undefined): Identity | undefined {
  const person = store.people.get(personId ?? "");
  return person && { personId: person.id, sessionId: person.id, roles: person.roles, expiresAtMs: SESSION_ENDS_AT_MS };
}
