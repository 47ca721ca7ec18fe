import type { CommandInput, CommandName, CommandOutput } from "../contracts/catalogue/catalogue.ts";
import { Refusal, type Problem } from "../contracts/errors.ts";
import type { Ack, PositionFrame, StreamFrames, StreamRef, WatchAnswer, ZoneFrame } from "../contracts/streams.ts";
import { unpackZoneFrame } from "../domain/tracking/zone-frame.ts";
import type { Clock } from "../lib/clock.ts";
import { newKey } from "./new-key.ts";
import { socketIoTransport, type SocketIoOptions } from "./socket-io-transport.ts";
import { StreamFollower, type WatchHandlers, type WireStats } from "./stream-follower.ts";
import { streamKeyOf } from "./stream-key.ts";
import type { HubStatus, OpenTransport, Transport } from "./transport.ts";
import { wallClock } from "./wall-clock.ts";

export interface HubClientOptions {
  /** Gives a valid access token each time it is asked: at every connection, and before the old one expires. */
  readonly token: () => string | Promise<string>;
  /** Wall time; tests give their own. */
  readonly clock?: Clock;
  /** A number in [0, 1) for jitter. */
  readonly random?: () => number;
  /** Names one intention: a fresh UUID each time. */
  readonly newKey?: () => string;
}

export interface CommandOptions {
  /** Names the intention; given again, the same answer comes. A fresh one when left out. */
  readonly commandId?: string;
  /** Wall ms from now after which it is given up, default 30 s. What became of it is then not known. */
  readonly deadlineMs?: number;
}

export interface Watch {
  /** Where the handlers stand; undefined before the first answer. */
  readonly position: { readonly epoch: string; readonly seq: number } | undefined;
  close(): void;
}

export interface HubClient {
  readonly status: HubStatus;
  /** Why the hub refused the connection, while it does. */
  readonly problem: Problem | undefined;
  /** Counted over all watches: what was on the wire, not what the handlers got. */
  readonly stats: Readonly<WireStats>;
  /** Calls with every change; the answer ends it. */
  onStatus(listener: (status: HubStatus) => void): () => void;
  /**
   * Sends a command of the catalogue. It is sent again with the same `commandId` after a lost connection or answer, until
   * it is answered or its deadline has passed.
   *
   * @throws Refusal with the hub's code; `hub.overloaded` when the deadline has passed without an answer
   */
  command<N extends CommandName>(name: N, input: CommandInput<N>, options?: CommandOptions): Promise<CommandOutput<N>>;
  /** Follows a stream without loss, over reconnects, until closed. Positions of a watched order come with it. */
  watch(ref: StreamRef, handlers: WatchHandlers): Watch;
  /** Positions of the couriers who carry the watched orders: newest wins, some are dropped. */
  onPosition(listener: (frame: PositionFrame) => void): () => void;
  /** Operators: from now on these zones of the market and no others; kept over reconnects. */
  watchZones(marketId: string, zones: readonly string[]): Promise<void>;
  onZone(listener: (frame: ZoneFrame) => void): () => void;
  close(): void;
}

/** A client of one namespace of the hub, over Socket.IO. Web, courier app, load tools and tests use this one. */
export function connectHub(options: HubClientOptions & SocketIoOptions): HubClient {
  return makeHubClient(options, socketIoTransport(options));
}

/** The same over any transport. */
export function makeHubClient(options: HubClientOptions, open: OpenTransport): HubClient {
  return new ProtocolClient(options, open);
}

/** Wall ms; answers that say "later" are asked again with back-off between these. */
const RETRY_MIN_MS = 250;
const RETRY_MAX_MS = 8_000;
const COMMAND_DEADLINE_MS = 30_000;

class ProtocolClient implements HubClient {
  readonly #options: HubClientOptions;
  readonly #clock: Clock;
  readonly #transport: Transport;
  readonly #followers = new Map<string, Set<StreamFollower>>();
  readonly #statusListeners = new Set<(status: HubStatus) => void>();
  readonly #positionListeners = new Set<(frame: PositionFrame) => void>();
  readonly #zoneListeners = new Set<(frame: ZoneFrame) => void>();
  #zones: { marketId: string; zones: readonly string[] } | undefined;
  #closed = false;
  status: HubStatus = "connecting";
  problem: Problem | undefined;
  readonly stats: WireStats = { rawGaps: 0, repeats: 0, watches: 0 };

  constructor(options: HubClientOptions, open: OpenTransport) {
    this.#options = options;
    this.#clock = options.clock ?? wallClock;
    this.#transport = open({
      onStatus: (status, problem) => this.#statusChanged(status, problem),
      onFrame: (event, frame) => this.#frame({ event, frame } as AnyFrame), // Cast: name and frame belong together.
    });
  }

  onStatus(listener: (status: HubStatus) => void): () => void {
    return added(this.#statusListeners, listener);
  }

  onPosition(listener: (frame: PositionFrame) => void): () => void {
    return added(this.#positionListeners, listener);
  }

  onZone(listener: (frame: ZoneFrame) => void): () => void {
    return added(this.#zoneListeners, listener);
  }

  command<N extends CommandName>(
    name: N,
    input: CommandInput<N>,
    options: CommandOptions = {},
  ): Promise<CommandOutput<N>> {
    const payload = { ...input, commandId: options.commandId ?? (this.#options.newKey ?? newKey)() };
    // Cast: the hub answers a command of this name with this command's output; clients do not parse it again.
    return this.#insist(name, payload, options.deadlineMs ?? COMMAND_DEADLINE_MS) as Promise<CommandOutput<N>>;
  }

  async watchZones(marketId: string, zones: readonly string[]): Promise<void> {
    this.#zones = { marketId, zones };
    await this.#insist("zones:watch", this.#zones, COMMAND_DEADLINE_MS);
  }

  watch(ref: StreamRef, handlers: WatchHandlers): Watch {
    const key = streamKeyOf(ref);
    const follower = new StreamFollower(
      {
        stats: this.stats,
        ask: (since, done) =>
          this.#transport.request(
            "stream:watch",
            since ? { stream: ref, since } : { stream: ref },
            (ack) => done(ack as Ack<WatchAnswer> | undefined), // Cast: what the hub answers a watch with.
          ),
        wait: (attempt, task) => this.#clock.after(this.#backoffMs(attempt), task),
      },
      handlers,
    );
    const mates = this.#followers.get(key) ?? new Set();
    this.#followers.set(key, mates.add(follower));
    if (this.status === "live") follower.connected();
    return {
      get position() {
        return follower.position;
      },
      close: () => {
        follower.close();
        if (!mates.delete(follower) || mates.size > 0) return;
        this.#followers.delete(key);
        this.#transport.request("stream:unwatch", { stream: ref }, () => {});
      },
    };
  }

  close(): void {
    this.#closed = true;
    for (const mates of this.#followers.values()) for (const follower of mates) follower.close();
    this.#followers.clear();
    this.#transport.close();
    this.#statusChanged("offline", undefined);
  }

  #statusChanged(status: HubStatus, problem: Problem | undefined): void {
    this.status = status;
    this.problem = problem;
    for (const mates of this.#followers.values()) {
      for (const follower of mates) {
        if (status === "live") follower.connected();
        else follower.disconnected();
      }
    }
    if (status === "live" && this.#zones) this.#transport.request("zones:watch", this.#zones, () => {});
    for (const listener of this.#statusListeners) listener(status);
  }

  #frame(got: AnyFrame): void {
    switch (got.event) {
      case "stream:event":
        return this.#each(got.frame.stream, (follower) => follower.event(got.frame.epoch, got.frame.event));
      case "stream:heads":
        for (const [key, seq] of Object.entries(got.frame.heads)) {
          this.#each(key, (follower) => follower.head(got.frame.epoch, seq));
        }
        return;
      case "stream:closed": {
        const { stream, problem } = got.frame;
        this.#each(stream, (follower) => follower.ended(problem));
        this.#followers.delete(stream);
        return;
      }
      case "position":
        for (const listener of this.#positionListeners) listener(got.frame);
        return;
      case "zone:frame":
        for (const listener of this.#zoneListeners) listener(unpackZoneFrame(got.frame));
        return;
      case "session:expiring":
        return void this.#renew();
    }
  }

  #each(key: string, call: (follower: StreamFollower) => void): void {
    for (const follower of this.#followers.get(key) ?? []) call(follower);
  }

  /** Hands a fresh token in over the open connection; without success the hub ends it and we come back with a new one. */
  async #renew(): Promise<boolean> {
    try {
      const accessToken = await this.#options.token();
      const ack = await this.#ask("session:renew", { accessToken });
      return ack?.ok === true;
    } catch {
      return false;
    }
  }

  async #insist(event: string, payload: object, deadlineMs: number): Promise<unknown> {
    const endMs = this.#clock.nowMs() + deadlineMs;
    let renewed = false;
    for (let attempt = 1; ; attempt += 1) {
      if (this.#closed) throw new Refusal("hub.overloaded", "the connection was closed");
      if (!(await this.#live(endMs))) break;
      const ack = await this.#ask(event, payload);
      if (ack?.ok) return ack.data;
      if (ack && ack.problem.code === "auth.expired" && !renewed) {
        renewed = await this.#renew();
        if (!renewed) throw refusalOf(ack.problem);
      } else if (ack && ack.problem.code !== "hub.overloaded") {
        throw refusalOf(ack.problem);
      } else {
        const waitMs = this.#backoffMs(attempt);
        if (this.#clock.nowMs() + waitMs >= endMs) break;
        await new Promise<void>((done) => void this.#clock.after(waitMs, done));
      }
    }
    throw new Refusal("hub.overloaded", `no answer to ${event} in ${deadlineMs} ms; what became of it is not known`);
  }

  #ask(event: string, payload: object): Promise<Ack<unknown> | undefined> {
    return new Promise((done) => this.#transport.request(event, payload, done));
  }

  /** Waits until the hub answers again; false when that was not before `endMs`. */
  #live(endMs: number): Promise<boolean> {
    if (this.status === "live") return Promise.resolve(true);
    return new Promise((done) => {
      const settle = (live: boolean) => {
        stop();
        cancel();
        done(live);
      };
      const stop = this.onStatus((status) => {
        if (status === "live") settle(true);
        else if (this.#closed) settle(false);
      });
      const cancel = this.#clock.after(Math.max(0, endMs - this.#clock.nowMs()), () => settle(false));
    });
  }

  #backoffMs(attempt: number): number {
    const fullMs = Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** Math.min(attempt, 10));
    return fullMs * (0.5 + 0.5 * (this.#options.random ?? Math.random)());
  }
}

type AnyFrame = {
  [E in keyof StreamFrames]: { readonly event: E; readonly frame: StreamFrames[E] };
}[keyof StreamFrames];

function refusalOf(problem: Problem): Refusal {
  return new Refusal(problem.code, problem.detail);
}

function added<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
