import type { Socket } from "node:net";

import type { Rng } from "#shared/lib/rng.ts";

import type { LinkFault } from "./link-fault.ts";

interface Piece {
  readonly bytes: Buffer;
  /** By `performance.now()`. */
  readonly dueAtMs: number;
}

/** Bytes that wait here at most before their sender is made to wait. */
const HOLDS_BYTES = 256 * 1024;
/** A limited link passes what it may so often. */
const BANDWIDTH_STEP_MS = 25;

/** One direction of a connection: nothing is lost, doubled or reordered in it; it is only late, cut small, or silent. [FLT1] */
export class Pipe {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #rng: Rng;
  #fault: LinkFault | undefined;
  #queue: Piece[] = [];
  #queuedBytes = 0;
  #lastDueAtMs = 0;
  /** Not before: the pace of slices and of a limited link. */
  #nextAtMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #blocked = false;
  #ended = false;
  #stopped = false;

  constructor(from: Socket, to: Socket, rng: Rng) {
    this.#from = from;
    this.#to = to;
    this.#rng = rng;
    from.on("data", (bytes) => this.#take(bytes));
    from.on("end", () => {
      this.#ended = true;
      this.#pump();
    });
    to.on("drain", () => {
      this.#blocked = false;
      this.#pump();
    });
  }

  set(fault: LinkFault | undefined): void {
    this.#fault = fault;
    this.#pump();
  }

  /** Passes nothing any more. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#queue = [];
  }

  #take(bytes: Buffer): void {
    if (this.#stopped) return;
    const late = this.#fault?.kind === "latency" ? this.#fault.ms + this.#rng() * this.#fault.jitterMs : 0;
    this.#lastDueAtMs = Math.max(this.#lastDueAtMs, performance.now() + late);
    this.#queue.push({ bytes, dueAtMs: this.#lastDueAtMs });
    this.#queuedBytes += bytes.length;
    if (this.#queuedBytes > HOLDS_BYTES) this.#from.pause();
    this.#pump();
  }

  #pump(): void {
    clearTimeout(this.#timer);
    if (this.#stopped || this.#fault?.kind === "black-hole") return;
    while (!this.#blocked) {
      const [piece] = this.#queue;
      if (!piece) break;
      const waitMs = Math.max(piece.dueAtMs, this.#nextAtMs) - performance.now();
      if (waitMs > 0) {
        this.#timer = setTimeout(() => this.#pump(), waitMs);
        return;
      }
      this.#pass(piece);
    }
    if (this.#ended && this.#queue.length === 0) this.#to.end();
  }

  #pass({ bytes, dueAtMs }: Piece): void {
    const { most, everyMs } = paceOf(this.#fault);
    const now = bytes.subarray(0, most);
    if (now.length < bytes.length) this.#queue[0] = { bytes: bytes.subarray(most), dueAtMs };
    else this.#queue.shift();
    this.#nextAtMs = everyMs === 0 ? 0 : performance.now() + everyMs;
    this.#queuedBytes -= now.length;
    this.#blocked = !this.#to.write(now);
    if (this.#queuedBytes <= HOLDS_BYTES && this.#from.isPaused()) this.#from.resume();
  }
}

/** The largest piece, and how long until the next one. */
function paceOf(fault: LinkFault | undefined): { readonly most: number; readonly everyMs: number } {
  if (fault?.kind === "slices") return { most: fault.bytes, everyMs: fault.everyMs };
  if (fault?.kind !== "bandwidth") return { most: Number.POSITIVE_INFINITY, everyMs: 0 };
  return { most: Math.max(1, Math.ceil((fault.bytesPerS * BANDWIDTH_STEP_MS) / 1000)), everyMs: BANDWIDTH_STEP_MS };
}
