import type { Clock } from "#shared/lib/clock.ts";
import type { Rng } from "#shared/lib/rng.ts";
import type { RedisClient } from "#shared/server/redis/connect.ts";

import { FakeMemory } from "./fake-memory.ts";

/** What a command takes each way, at most, ms. */
const WAY_MS = 4;
/** A subscription takes up to so much longer: to a cluster's shard it may have to connect first, ms. */
const SUBSCRIBE_MS = 60;
/** A client that has lost its connection notices and tries again within this, ms. */
const RECONNECT_MS = 150;
/** A publish that has no answer in this time counts as failed; it may be carried out all the same. */
const COMMAND_TIMEOUT_MS = 2_000;

/** The server: channels, and who listens. */
export class FakeRedis {
  readonly clock: Clock;
  readonly random: Rng;
  readonly listeners = new Map<string, Set<RedisConnection>>();
  readonly connections = new Set<RedisConnection>();
  readonly memory: FakeMemory;
  /** It is gone; whoever was connected is not any more. */
  down = false;
  /** Publishes are answered and reach nobody: a failover whose replica had not heard of the subscriptions. */
  losing = false;
  /** Subscriptions are refused, as by a cluster that is electing; who has lost the connection waits until it is over. */
  refusing = false;
  #paused = false;
  readonly #held: (() => void)[] = [];

  constructor(clock: Clock, random: Rng) {
    this.clock = clock;
    this.random = random;
    this.memory = new FakeMemory(random);
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** A stopped process: what comes meanwhile is done when it goes on. */
  set paused(paused: boolean) {
    this.#paused = paused;
    if (!paused) for (const run of this.#held.splice(0)) run();
  }

  /** Ends: connections and subscriptions are gone. */
  stop(): void {
    this.down = true;
    this.#held.length = 0;
    this.memory.restart();
    for (const one of this.connections) one.kill();
  }

  run(task: () => void): void {
    if (this.#paused) this.#held.push(task);
    else task();
  }
}

interface Command {
  readonly run: () => unknown;
  readonly done: (answer: unknown) => void;
  readonly failed: (error: Error) => void;
  /** How long it takes longer than others, at most, ms. */
  readonly slowMs: number;
  over: boolean;
}

/**
 * One client as ioredis makes it, for `events` or `subscriber` (shared/server/redis/connect.ts): it reconnects for ever, sends
 * again what had no answer, so that a publish may happen twice, and makes its subscriptions again after it has said `ready`.
 */
export class RedisConnection {
  readonly #redis: FakeRedis;
  readonly #handlers = new Map<string, ((...args: unknown[]) => void)[]>();
  readonly #channels = new Set<string>();
  #unanswered: Command[] = [];
  /** Counts connections: what was under way on an older one arrives nowhere. */
  #generation = 1;
  #connected = true;
  #ended = false;
  #sentUntilMs = 0;
  #heardUntilMs = 0;

  constructor(redis: FakeRedis) {
    this.#redis = redis;
    redis.connections.add(this);
  }

  /** Cast: what hubs and writers ask of a client is all here. */
  get client(): RedisClient {
    return this as unknown as RedisClient;
  }

  on(event: string, handler: (...args: unknown[]) => void): void {
    this.#handlers.set(event, [...(this.#handlers.get(event) ?? []), handler]);
  }

  spublish(channel: string, message: string): Promise<unknown> {
    return this.#command(() => {
      if (this.#redis.losing) return 0;
      const hearing = this.#redis.listeners.get(channel);
      if (!hearing || hearing.size === 0) return 0;
      const bytes = Buffer.from(message);
      for (const one of hearing) one.#hear(channel, bytes);
      return hearing.size;
    }, COMMAND_TIMEOUT_MS);
  }

  ssubscribe(channel: string): Promise<unknown> {
    this.#channels.add(channel);
    return this.#subscription(channel);
  }

  /** Any other command; it is given up as a publish is. */
  run(task: () => unknown): Promise<unknown> {
    return this.#command(task, COMMAND_TIMEOUT_MS);
  }

  sunsubscribe(channel: string): Promise<unknown> {
    this.#channels.delete(channel);
    return this.#command(() => this.#redis.listeners.get(channel)?.delete(this));
  }

  /** The connection ends: what is under way is lost both ways, and the server forgets the subscriptions. */
  kill(): void {
    if (!this.#connected) return;
    this.#connected = false;
    this.#generation += 1;
    for (const hearing of this.#redis.listeners.values()) hearing.delete(this);
    this.#again();
  }

  /** The process is gone, and its connection with it. */
  end(): void {
    this.kill();
    this.#ended = true;
    this.#redis.connections.delete(this);
  }

  #subscription(channel: string): Promise<unknown> {
    return this.#command(() => this.#subscribe(channel), undefined, SUBSCRIBE_MS);
  }

  #subscribe(channel: string): number {
    if (this.#redis.refusing) throw new Error("CLUSTERDOWN the cluster is down");
    const hearing = this.#redis.listeners.get(channel) ?? new Set();
    this.#redis.listeners.set(channel, hearing.add(this));
    return 1;
  }

  #again(): void {
    const { clock, random } = this.#redis;
    clock.after(5 + random() * RECONNECT_MS, () => {
      if (this.#ended) return;
      if (this.#redis.down || this.#redis.paused || this.#redis.refusing) return this.#again();
      this.#connected = true;
      for (const handler of this.#handlers.get("ready") ?? []) handler();
      const unanswered = this.#unanswered.filter((command) => !command.over);
      this.#unanswered = [];
      for (const channel of this.#channels) void this.#subscription(channel).catch(() => {});
      for (const command of unanswered) this.#send(command);
    });
  }

  #command(run: () => unknown, withinMs?: number, slowMs = 0): Promise<unknown> {
    return new Promise((resolve, reject) => {
      let cancel = () => {};
      const end = () => {
        command.over = true;
        cancel();
      };
      const command: Command = {
        run,
        done: (answer) => (end(), resolve(answer)),
        failed: (error) => (end(), reject(error)),
        slowMs,
        over: false,
      };
      if (withinMs !== undefined) {
        cancel = this.#redis.clock.after(withinMs, () => command.failed(new Error("Command timed out")));
      }
      this.#send(command);
    });
  }

  #send(command: Command): void {
    this.#unanswered.push(command);
    if (!this.#connected) return;
    const mine = this.#generation;
    this.#sentUntilMs = this.#inOrder(
      this.#sentUntilMs,
      () => {
        if (mine === this.#generation) this.#redis.run(() => this.#arrived(command, mine));
      },
      command.slowMs,
    );
  }

  #arrived(command: Command, mine: number): void {
    if (mine !== this.#generation) return;
    let settle: () => void;
    try {
      const answer = command.run();
      settle = () => command.done(answer);
    } catch (error) {
      settle = () => command.failed(error instanceof Error ? error : new Error(String(error)));
    }
    this.#heardUntilMs = this.#inOrder(this.#heardUntilMs, () => {
      if (mine !== this.#generation) return;
      this.#unanswered = this.#unanswered.filter((one) => one !== command);
      if (!command.over) settle();
    });
  }

  #hear(channel: string, message: Buffer): void {
    const mine = this.#generation;
    this.#heardUntilMs = this.#inOrder(this.#heardUntilMs, () => {
      if (mine !== this.#generation) return;
      for (const handler of this.#handlers.get("smessageBuffer") ?? []) handler(channel, message);
    });
  }

  /** One connection keeps the order of what it carries. */
  #inOrder(untilMs: number, task: () => void, slowMs = 0): number {
    const { clock, random } = this.#redis;
    const atMs = Math.max(untilMs, clock.nowMs() + Math.ceil(random() * (WAY_MS + slowMs)));
    clock.after(atMs - clock.nowMs(), task);
    return atMs;
  }
}
