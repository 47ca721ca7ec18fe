import { setTimeout as delay } from "node:timers/promises";

import { Redis } from "ioredis";

import { processFamily } from "#shared/server/process-family.ts";

import type { FaultHands } from "../replay/play-instance.ts";
import { pick, type Draw } from "./draw.ts";
import type { Links } from "./links.ts";

/** How long something stays broken: wall ms. */
export interface Hold {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A kind of fault: what is broken, and made whole again. */
export interface FaultKind {
  readonly name: string;
  readonly what: string;
  readonly hold: Hold;
  /** Resolves when all is whole again. */
  readonly run: (scene: Scene) => Promise<void>;
}

export interface SceneOptions {
  readonly hands: FaultHands;
  readonly links: Links;
  /** Of the deployment. */
  readonly dir: string;
  readonly draw: Draw;
  readonly hold: Hold;
  readonly signal?: AbortSignal | undefined;
}

/** Wall ms between looks at something that comes by itself. */
const LOOK_EVERY_MS = 25;

/** A deployment under load, and what may be done to it. What was done is told in {@link Scene.done}. */
export class Scene {
  readonly hands: FaultHands;
  readonly links: Links;
  readonly dir: string;
  readonly draw: Draw;
  readonly done: string[] = [];
  readonly #options: SceneOptions;

  constructor(options: SceneOptions) {
    this.#options = options;
    ({ hands: this.hands, links: this.links, dir: this.dir, draw: this.draw } = options);
  }

  get holdMs(): number {
    const { fromMs, toMs } = this.#options.hold;
    return Math.round(fromMs + this.draw.long * (toMs - fromMs));
  }

  /** The names of the processes of one kind. */
  all(kind: "hub" | "worker"): string[] {
    return this.hands.system.names.filter((name) => name.startsWith(`${kind}-`));
  }

  /** One of them, by the draw. */
  one(kind: "hub" | "worker"): string {
    return pick(this.all(kind), this.draw.which);
  }

  /** One of them, or all of them. */
  some(kind: "hub" | "worker"): string[] {
    return this.draw.all ? this.all(kind) : [this.one(kind)];
  }

  tell(what: string): void {
    this.done.push(what);
  }

  async wait(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.#options.signal });
  }

  /** As long as the draw says. */
  async hold(): Promise<void> {
    this.tell(`for ${(this.holdMs / 1_000).toFixed(1)} s`);
    await this.wait(this.holdMs);
  }

  /** Again and again while it holds. */
  async everyWhile(everyMs: number, act: () => unknown): Promise<void> {
    const endMs = performance.now() + this.holdMs;
    while (performance.now() < endMs) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await act();
      // oxlint-disable-next-line no-await-in-loop
      await this.wait(everyMs);
    }
  }

  async until(so: () => boolean | Promise<boolean>): Promise<void> {
    // oxlint-disable-next-line no-await-in-loop -- looks again and again
    while (!(await so())) await this.wait(LOOK_EVERY_MS);
  }

  async kill(...names: readonly string[]): Promise<void> {
    this.tell(`killed ${names.join(", ")}`);
    await Promise.all(names.map((name) => this.hands.system.kill(name)));
  }

  async restart(...names: readonly string[]): Promise<void> {
    await Promise.all(names.map((name) => this.hands.system.restart(name)));
  }

  /** Asks to end; the supervisor starts it again. Resolves when the new one takes work. */
  async terminate(name: string): Promise<void> {
    this.tell(`asked ${name} to end`);
    const { system } = this.hands;
    const before = system.pid(name);
    process.kill(before, "SIGTERM");
    await this.until(() => system.pid(name) !== before);
  }

  /** Stands still with all its children, and goes on where it was. */
  async pause(names: readonly string[], meanwhile: () => Promise<void>): Promise<void> {
    const pids = names.flatMap((name) => {
      const pid = this.hands.system.pid(name);
      const family = processFamily(pid).map((each) => each.pid);
      return family.length > 0 ? family : [pid];
    });
    this.tell(`stopped ${names.join(", ")}`);
    for (const pid of pids) signal(pid, "SIGSTOP");
    try {
      await meanwhile();
    } finally {
      for (const pid of pids.toReversed()) signal(pid, "SIGCONT");
    }
  }

  /** Past every link. */
  async redis(store: "redis-live" | "redis-queue", act: (client: Redis) => Promise<unknown>): Promise<void> {
    const { system } = this.hands;
    const client = new Redis(store === "redis-live" ? system.redisLiveUrl : system.redisQueueUrl);
    try {
      await act(client);
    } finally {
      client.disconnect();
    }
  }
}

/** A child that has ended meanwhile is as good. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // Cast: kill throws system errors only.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
