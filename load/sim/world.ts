import type { Socket } from "socket.io";

import type { Told } from "#shared/domain/order/change.ts";
import { assert } from "#shared/lib/assert.ts";
import { seededRng, type Rng } from "#shared/lib/rng.ts";
import type { Publisher } from "#shared/server/realtime/publish.ts";
import { SimClock } from "#shared/sim/sim-clock.ts";

import { makeLine } from "./fake-network.ts";
import type { FakePostgres, Write } from "./fake-postgres.ts";
import { FakeRedis, type RedisConnection } from "./fake-redis.ts";
import { type HubProcess, startHub } from "./hub-process.ts";
import type { Core } from "./load-core.ts";
import { COOK, identityOf, KITCHEN, ORDER_STREAMS, PEOPLE, STAFF_ADDED } from "./people.ts";
import { type Action, HUBS, type Plan, WRITERS } from "./plan.ts";
import type { Trace } from "./trace.ts";
import { Watcher } from "./watcher.ts";
import { WireCheck } from "./wire-check.ts";

/** A process that changes the store. */
interface Writer {
  readonly redis: RedisConnection;
  readonly publisher: Publisher;
}

type WriteAction = Extract<Action, { do: "write" }>;

/** Hubs that are not fresh started so long before the first come, ms: longer than they doubt. They sleep through most of it. */
const ASLEEP_MS = 6_000;
const AWAKE_MS = 100;

/** Everything that takes part in one schedule. */
export class World {
  readonly clock = new SimClock();
  readonly wire = new WireCheck();
  readonly postgres: FakePostgres;
  readonly redis: FakeRedis;
  watchers: readonly Watcher[] = [];
  readonly #core: Core;
  readonly #seed: number;
  readonly #trace: Trace | undefined;
  readonly #hubs: (HubProcess | undefined)[];
  readonly #writers: readonly Writer[];
  #writes = 0;

  constructor(core: Core, plan: Plan, trace?: Trace) {
    this.#core = core;
    this.#seed = plan.seed;
    const startMs = this.clock.nowMs() + (plan.fresh ? 0 : ASLEEP_MS + AWAKE_MS);
    const told: Trace | undefined =
      trace && ((what) => trace(`${String(this.clock.nowMs() - startMs).padStart(6)} ms  ${what}`));
    this.#trace = told;
    this.postgres = new core.FakePostgres(this.clock, this.#randomOf(1), told);
    this.postgres.hire(COOK.personId);
    this.postgres.slowMs = plan.slowMs;
    this.redis = new FakeRedis(this.clock, this.#randomOf(2));
    this.#hubs = Array.from({ length: HUBS }, (_, index) => this.#startHub(index));
    this.#writers = Array.from({ length: WRITERS }, () => this.#startWriter());
  }

  /** Everybody comes, to hubs that have just started or believe what they hear by now. */
  async open(fresh: boolean): Promise<void> {
    if (!fresh) {
      this.clock.skip(ASLEEP_MS);
      await this.clock.advance(AWAKE_MS);
    }
    const trace = this.#trace;
    this.watchers = PEOPLE.map((person, index) => {
      const random = this.#randomOf(20 + index);
      const hubs = { pick: () => this.#pick(random, index) };
      const line = makeLine(person.name, { clock: this.clock, random, hubs, wire: this.wire, trace });
      return new Watcher(person, line, { core: this.#core, clock: this.clock, random, trace });
    });
  }

  /** Lets one thing happen. */
  act(action: Action): void {
    if (this.#trace) this.#trace(`— ${JSON.stringify(action)}`);
    switch (action.do) {
      case "write":
        return this.write(action);
      case "staff":
        return this.#changeStaff(action.writer, action.on);
      case "hub-crash":
        return this.#crash(action.hub, action.forMs);
      case "all-hubs-crash":
        for (let hub = 0; hub < HUBS; hub += 1) this.#crash(hub, action.forMs);
        return;
      case "subscriber-killed":
        return this.#hubs[action.hub]?.subscriber.kill();
      case "publisher-killed":
        return this.#writers[action.writer]?.redis.kill();
      case "redis":
        return this.#failRedis(action.how, action.forMs);
      case "store":
        return this.#failStore(action.how, action.forMs);
      case "occupy":
        return this.postgres.occupy(action.forMs);
      case "restore":
        return this.postgres.restore(action.lose);
      case "sever":
      case "leave":
      case "lossy":
        return this.#disturb(action);
    }
  }

  /** One transaction of a writer, through the production unit of work. */
  write({ writer, order, kitchen, count, openMs, fate }: Omit<WriteAction, "do" | "atMs">): void {
    const drafts = Array.from({ length: count }, () => this.#draft(order, kitchen));
    const killed = fate === "killed";
    this.#run(writer, drafts, { fate: killed ? "committed" : fate, openMs }, killed);
  }

  /** Hubs that come back know nothing of their own. */
  restartHubs(): void {
    for (let hub = 0; hub < HUBS; hub += 1) this.#crash(hub, 20);
    this.#trace?.("— all hubs start anew");
  }

  /** All that still fails is well again. */
  heal(): void {
    this.redis.down = false;
    this.redis.losing = false;
    this.redis.refusing = false;
    this.redis.paused = false;
    this.postgres.down = false;
    this.postgres.flaky = false;
    this.postgres.slowMs = 0;
    for (const { line } of this.watchers) line.lossy = 0;
    for (const [index, hub] of this.#hubs.entries()) if (!hub) this.#hubs[index] = this.#startHub(index);
    this.#trace?.("— everything is well");
  }

  #randomOf(part: number): Rng {
    return seededRng(Math.imul(this.#seed, 0x01_00_01_93) ^ Math.imul(part, 0x85_eb_ca_6b));
  }

  #startHub(index: number): HubProcess {
    return startHub({
      core: this.#core,
      clock: this.clock,
      random: this.#randomOf(10 + index),
      postgres: this.postgres,
      redis: this.redis,
      personOf: ({ personId }) => {
        const person = PEOPLE.find((each) => each.personId === personId);
        assert(person, "only people of the schedule come");
        return person;
      },
    });
  }

  #startWriter(): Writer {
    const redis = new this.#core.RedisConnection(this.redis);
    const publisher = this.#core.makePublisher({ events: redis.client, positions: redis.client, onLost: () => {} });
    return { redis, publisher };
  }

  #pick(random: Rng, person: number) {
    const alive = this.#hubs.filter((hub) => hub !== undefined);
    const hub = alive[Math.floor(random() * alive.length)];
    const identity = PEOPLE[person];
    if (!hub || !identity) return undefined;
    return { process: hub, serve: (socket: Socket) => hub.serve(identityOf(identity), socket) };
  }

  #draft(order: number, kitchen: boolean): Told {
    const ref = ORDER_STREAMS[order];
    assert(ref, "the plan names an order of the schedule");
    this.#writes += 1;
    return {
      marketId: ref.marketId,
      type: "order.preparing",
      // The customer's name is not for the customer's own stream, the reason for nobody but the office.
      payload: {
        order: { id: ref.id, status: "PREPARING", customerName: "Ines", note: `${this.#writes}` },
        reason: "inside",
      },
      actorRole: "kitchen",
      actorId: null,
      in: kitchen ? { order: ref.id, restaurant: KITCHEN.id } : { order: ref.id },
    };
  }

  #changeStaff(writer: number, on: boolean): void {
    const { personId } = COOK;
    const draft: Told = {
      marketId: KITCHEN.marketId,
      type: on ? STAFF_ADDED : "staff.removed",
      payload: { personId },
      actorRole: "kitchen",
      actorId: null,
      in: { restaurant: KITCHEN.id },
    };
    this.#run(writer, [draft], { fate: "committed", openMs: 2, staff: { personId, on } }, false);
  }

  /** A killed writer's commit is there; what it would have said next is not said. */
  #run(writer: number, drafts: readonly Told[], write: Write, killed: boolean): void {
    const one = this.#writers[writer];
    assert(one, "the plan names a writer of the schedule");
    const unit = this.#core.makeUnitOfWork({
      db: this.postgres.pool(write),
      clock: this.clock,
      announce: (events) => {
        if (killed) return;
        void one.publisher.publish(events);
        // A writer without a hub of its number is a worker.
        this.#hubs[writer]?.committed(events);
      },
      hint: () => {},
    });
    unit
      .run(async (w) => {
        for (const draft of drafts) w.append(draft);
      })
      .catch(() => this.#trace?.(`writer ${writer} learns of a failed transaction`));
  }

  #crash(index: number, forMs: number): void {
    const hub = this.#hubs[index];
    if (!hub) return;
    hub.kill();
    this.#hubs[index] = undefined;
    for (const { line } of this.watchers) if (line.goesTo(hub)) line.sever(10, 0);
    this.clock.after(forMs, () => (this.#hubs[index] ??= this.#startHub(index)));
  }

  #failRedis(how: "paused" | "down" | "losing" | "refusing", forMs: number): void {
    if (how === "down") this.redis.stop();
    else this.redis[how] = true;
    this.clock.after(forMs, () => (this.redis[how] = false));
  }

  #failStore(how: "down" | "slow" | "flaky", forMs: number): void {
    if (how === "slow") this.postgres.slowMs = 150;
    else this.postgres[how] = true;
    this.clock.after(forMs, () => {
      if (how === "slow") this.postgres.slowMs = 0;
      else this.postgres[how] = false;
    });
  }

  #disturb(action: Extract<Action, { do: "sever" | "leave" | "lossy" }>): void {
    const watcher = this.watchers[action.watcher];
    assert(watcher, "the plan names a watcher of the schedule");
    if (action.do === "sever") return watcher.line.sever(action.clientLearnsMs, action.hubLearnsMs);
    if (action.do === "leave") return watcher.leave(action.forMs);
    watcher.line.lossy = action.oneIn;
    this.clock.after(action.forMs, () => (watcher.line.lossy = 0));
  }
}
