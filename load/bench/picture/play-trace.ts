import { makeWhereabouts, type Whereabouts } from "#shared/client/whereabouts.ts";
import type { Fix } from "#shared/contracts/geo.ts";
import { drawnAfter, drawnPlace, type Drawn } from "#shared/domain/tracking/motion/drawn.ts";
import { heardAt, motionClock, type MotionClock } from "#shared/domain/tracking/motion/motion-clock.ts";
import type { Motion } from "#shared/domain/tracking/motion/motion.ts";
import { takeFixes, type KeptFix } from "#shared/domain/tracking/take-fixes.ts";

import { planeOf, type Trace } from "./read-traces.ts";

export interface Played {
  readonly trace: string;
  /** When a message left the hub for the screen, seconds since the first fix. */
  readonly sentAtS: readonly number[];
  /** What the screen shows 1, 2, ... seconds after the first fix, metres. */
  readonly shown: readonly (readonly [x: number, y: number])[];
  /** Commands that left the phone: motions and traces. */
  readonly ingress: number;
  readonly minutes: number;
}

/** From the hub to the screen, ms: what the judge takes. */
export const ON_THE_WAY_MS = 200;

/**
 * One trace through what runs on the phone, in the hub and on the screen. The phone reads each fix at its time; the hub passes
 * a motion on at once, as it does while no second one comes within its tick; the screen hears it 0.2 s later.
 */
export async function playTrace({ id, startMs, fixes }: Trace): Promise<Played> {
  const endMs = fixes.at(-1)?.takenAtMs ?? startMs;
  const [phone, screen] = [new Phone(), new Screen()];
  const shown: Played["shown"][number][] = [];
  let [read, heard] = [0, 0];
  for (let nowMs = startMs + 1000; nowMs <= endMs; nowMs += 1000) {
    while (isBy(fixes[read], nowMs)) await phone.read(fixes[read++]);
    while (isBy(phone.told[heard], nowMs - ON_THE_WAY_MS)) screen.hear(phone.told[heard++]);
    shown.push(screen.show(nowMs));
  }
  while (read < fixes.length) await phone.read(fixes[read++]);
  const sentAtS = phone.told.map((motion) => (motion.takenAtMs - startMs) / 1000);
  return { trace: id, sentAtS, shown, ingress: phone.commands, minutes: (endMs - startMs) / 60_000 };
}

function isBy(motion: Motion | undefined, nowMs: number): boolean {
  return motion !== undefined && motion.takenAtMs <= nowMs;
}

/** A courier's phone, and what its hub tells of it. */
class Phone {
  readonly told: Motion[] = [];
  commands = 0;
  #queue: Fix[] = [];
  #newest: KeptFix | undefined;
  #nowMs = 0;
  readonly #whereabouts: Whereabouts;

  constructor() {
    const queue = () => this.#queue;
    this.#whereabouts = makeWhereabouts({
      hub: { command: async (_, input) => this.#asked(input) as never },
      marketId: "bench",
      queue: {
        get size() {
          return queue().length;
        },
        next: (count) => queue().slice(0, count),
        sent: (gone) => void this.#queue.splice(0, gone.length),
      },
      nowMs: () => this.#nowMs,
      online: () => true,
      tryMs: 1_000,
      phase: 0,
    });
  }

  async read(fix: Fix | undefined): Promise<void> {
    if (!fix) return;
    this.#nowMs = fix.takenAtMs;
    this.#queue.push(fix);
    this.#whereabouts.took(fix);
    // The answers are heard before the next fix.
    await new Promise(setImmediate);
  }

  #asked(input: object): object {
    this.commands += 1;
    if (!("motion" in input)) return {};
    // Cast: the input of `motion.push`; a trace has none.
    const { kept, newest } = takeFixes([input.motion as Fix], this.#newest, this.#nowMs);
    this.#newest = newest;
    this.told.push(...kept);
    return {};
  }
}

/** A customer's map. */
class Screen {
  #clock: MotionClock | undefined;
  #drawn: Drawn | undefined;

  hear(motion: Motion | undefined): void {
    if (!motion) return;
    const heardMs = motion.takenAtMs + ON_THE_WAY_MS;
    this.#clock = heardAt(this.#clock, motion, heardMs);
    this.#drawn = drawnAfter(this.#drawn, motion, motionClock(this.#clock)(heardMs));
  }

  show(nowMs: number): readonly [x: number, y: number] {
    if (!this.#drawn || this.#clock === undefined) throw new Error("the first fix is told at once");
    const { x, y } = planeOf(drawnPlace(this.#drawn, motionClock(this.#clock)(nowMs)));
    return [x, y];
  }
}
