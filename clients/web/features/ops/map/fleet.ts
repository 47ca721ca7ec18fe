import type { BoardCourier } from "#shared/contracts/board.ts";
import type { Point } from "#shared/contracts/geo.ts";
import type { ZoneFrame } from "#shared/contracts/streams.ts";
import { motionPlace } from "#shared/domain/tracking/motion/motion.ts";

import { mercatorOf, pointOf } from "./mercator.ts";

/** What a courier's dot says, in the order of its colours. */
export const COURIER_STATES = ["free", "offered", "working"] as const;
export type CourierState = (typeof COURIER_STATES)[number];

export function stateOf(courier: Pick<BoardCourier, "holding" | "hasOffer">): CourierState {
  return courier.holding > 0 ? "working" : courier.hasOffer ? "offered" : "free";
}

/** Numbers of one courier in {@link Fleet.drawn}: from, to (mercator from the origin), start, duration, heading, look. */
export const STRIDE = 8;
/** A heading that is not known. */
export const NO_HEADING = -9;
/** Added to the look of the one that is selected. */
export const SELECTED = 16;

/** Never slower than this, so that the picture is at most so far behind the truth, wall ms. */
const LONGEST_MS = 2_500;
const SHORTEST_MS = 250;
/** Who is under way heads for where the motion leads within this wall time, and within this time of the deployment: the next word is as long in coming. */
const AIM_MS = 10_000;
const AIM_AHEAD_MS = 20_000;
/** A shorter move says nothing of the heading: some three metres in mercator. */
const STEP = 3 / 40_075_000;

/**
 * Thousands of couriers on their way from where each was drawn to where each was last known to be. Typed arrays that a
 * shader reads as they are: between two fixes nothing is computed here at all. [OPM5]
 */
export class Fleet {
  /** What the shader reads, {@link STRIDE} numbers a courier; those beyond `count` mean nothing. */
  drawn = new Float32Array(256 * STRIDE);
  /** Counts changes of `drawn`. */
  version = 0;
  count = 0;
  /** Wall ms at which the last of them will stand still. */
  movingUntilMs = 0;
  readonly origin: readonly [number, number];
  readonly #beganAtMs: number;
  readonly #still: boolean;
  readonly #rate: number;
  readonly #ids: string[] = [];
  readonly #index = new Map<string, number>();
  /** Deployment time of the fix that each heads for. */
  readonly #takenAtMs: number[] = [];
  readonly #listeners = new Set<() => void>();
  #selected: string | undefined;

  /**
   * @param center what is drawn is drawn from here: 32 bits are exact to centimetres only near it
   * @param nowMs wall time of the start
   * @param still for readers who prefer less motion: nobody glides
   * @param rate deployment seconds in a wall second
   */
  constructor(center: Point, nowMs: number, still: boolean, rate = 1) {
    this.origin = [...mercatorOf(center)];
    this.#beganAtMs = nowMs;
    this.#still = still;
    this.#rate = rate;
  }

  /** Calls back after every change, until the answer is called. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Wall time as the shader counts it, seconds. */
  secondsAt(nowMs: number): number {
    return (nowMs - this.#beganAtMs) / 1000;
  }

  /** Exactly these are on duty; a position that is older than the one drawn moves nobody. */
  setCouriers(couriers: Iterable<BoardCourier>, nowMs: number): void {
    const onDuty = new Set<string>();
    for (const courier of couriers) {
      onDuty.add(courier.courierId);
      if (courier.point) this.#place(courier.courierId, courier.point, courier.fixAtMs ?? 0, null, nowMs);
      const at = this.#index.get(courier.courierId);
      if (at !== undefined) this.#look(at, COURIER_STATES.indexOf(stateOf(courier)));
    }
    for (const id of this.#ids.filter((each) => !onDuty.has(each))) this.#remove(id);
    this.#changed();
  }

  /** Positions of one zone and tick. Who is not on duty (yet) is not drawn. */
  take(frame: ZoneFrame, nowMs: number): void {
    const aimMs = Math.min(AIM_MS, AIM_AHEAD_MS / this.#rate);
    for (const courier of frame.couriers) {
      const { courierId, speedMps, headingDeg, takenAtMs } = courier;
      if (!this.#index.has(courierId)) continue;
      if (this.#still || !speedMps) this.#place(courierId, courier, takenAtMs, headingDeg, nowMs);
      else
        this.#place(
          courierId,
          motionPlace(courier, takenAtMs + aimMs * this.#rate),
          takenAtMs,
          headingDeg,
          nowMs,
          aimMs,
        );
    }
    this.#changed();
  }

  select(courierId: string | undefined): void {
    const before = this.#selected;
    this.#selected = courierId;
    for (const id of [before, courierId]) {
      const at = id === undefined ? undefined : this.#index.get(id);
      if (at !== undefined) this.#look(at, (this.drawn[at * STRIDE + 7] ?? 0) % SELECTED);
    }
    this.#changed();
  }

  /** Where the courier is drawn now. */
  placeOf(courierId: string, nowMs: number): Point | undefined {
    const at = this.#index.get(courierId);
    if (at === undefined) return undefined;
    const [x, y] = this.#drawnAt(at, nowMs);
    return pointOf([x + this.origin[0], y + this.origin[1]]);
  }

  /** Who is drawn nearest to a place, within so much of the mercator square. */
  nearest(point: Point, within: number, nowMs: number): string | undefined {
    const [x, y] = mercatorOf(point);
    let best = within;
    let found: string | undefined;
    for (let at = 0; at < this.count; at += 1) {
      const [hereX, hereY] = this.#drawnAt(at, nowMs);
      const away = Math.hypot(hereX + this.origin[0] - x, hereY + this.origin[1] - y);
      if (away > best) continue;
      best = away;
      found = this.#ids[at];
    }
    return found;
  }

  #changed(): void {
    this.version += 1;
    for (const listener of this.#listeners) listener();
  }

  #drawnAt(at: number, nowMs: number): [number, number] {
    const base = at * STRIDE;
    const n = (index: number) => this.drawn[base + index] ?? 0;
    const durationS = n(5);
    const share = durationS === 0 ? 1 : Math.min(1, Math.max(0, (this.secondsAt(nowMs) - n(4)) / durationS));
    return [n(0) + (n(2) - n(0)) * share, n(1) + (n(3) - n(1)) * share];
  }

  /** @param withinMs of wall time; left out, as long as the time since the fix before */
  #place(
    courierId: string,
    point: Point,
    takenAtMs: number,
    headingDeg: number | null,
    nowMs: number,
    withinMs?: number,
  ): void {
    const [x, y] = mercatorOf(point);
    const to = [x - this.origin[0], y - this.origin[1]] as const;
    const known = this.#index.get(courierId);
    if (known === undefined) {
      this.#add(courierId, to, takenAtMs, headingDeg, nowMs);
      return;
    }
    if (takenAtMs <= (this.#takenAtMs[known] ?? 0)) return;
    this.#takenAtMs[known] = takenAtMs;
    const base = known * STRIDE;
    const from = this.#drawnAt(known, nowMs);
    const sinceMs = nowMs - (this.#beganAtMs + (this.drawn[base + 4] ?? 0) * 1000);
    const durationMs = this.#still ? 0 : (withinMs ?? Math.min(LONGEST_MS, Math.max(SHORTEST_MS, sinceMs)));
    const heading = headingDeg === null ? headingOf(from, to) : (headingDeg * Math.PI) / 180;
    this.drawn.set([...(this.#still ? to : from), ...to, this.secondsAt(nowMs), durationMs / 1000], base);
    if (heading !== undefined) this.drawn[base + 6] = heading;
    this.movingUntilMs = Math.max(this.movingUntilMs, nowMs + durationMs);
  }

  #add(
    courierId: string,
    to: readonly [number, number],
    takenAtMs: number,
    headingDeg: number | null,
    nowMs: number,
  ): void {
    const at = this.count;
    this.count += 1;
    if (this.count * STRIDE > this.drawn.length) {
      const larger = new Float32Array(this.drawn.length * 2);
      larger.set(this.drawn);
      this.drawn = larger;
    }
    this.#ids[at] = courierId;
    this.#index.set(courierId, at);
    this.#takenAtMs[at] = takenAtMs;
    const heading = headingDeg === null ? NO_HEADING : (headingDeg * Math.PI) / 180;
    this.drawn.set([...to, ...to, this.secondsAt(nowMs), 0, heading, 0], at * STRIDE);
    this.#look(at, 0);
  }

  #remove(courierId: string): void {
    const at = this.#index.get(courierId);
    if (at === undefined) return;
    const last = this.count - 1;
    const lastId = this.#ids[last];
    if (lastId !== undefined && last !== at) {
      this.drawn.copyWithin(at * STRIDE, last * STRIDE, (last + 1) * STRIDE);
      this.#ids[at] = lastId;
      this.#takenAtMs[at] = this.#takenAtMs[last] ?? 0;
      this.#index.set(lastId, at);
    }
    this.#ids.pop();
    this.#takenAtMs.pop();
    this.#index.delete(courierId);
    this.count = last;
  }

  #look(at: number, state: number): void {
    this.drawn[at * STRIDE + 7] = state + (this.#ids[at] === this.#selected ? SELECTED : 0);
  }
}

/** The direction of a move, radians clockwise from north; undefined when it is too short to have one. */
function headingOf(from: readonly [number, number], to: readonly [number, number]): number | undefined {
  const [east, south] = [to[0] - from[0], to[1] - from[1]];
  return Math.hypot(east, south) < STEP ? undefined : Math.atan2(east, -south);
}
