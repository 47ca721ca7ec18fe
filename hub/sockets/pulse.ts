import type { Clock } from "#shared/lib/clock.ts";

import { kept, sharesReads } from "./shared-reads.ts";

/** What Engine.IO 6 keeps of a connection, as far as pings go. Its version is pinned; a test holds what we rely on. */
export interface RawConnection {
  readonly readyState: string;
  /** Engine.IO calls its `refresh` with every pong. */
  pingIntervalTimer: unknown;
  /** Its WebSocket, and the TCP socket below while that is open. */
  readonly transport: {
    readonly socket?: {
      readonly readyState: number;
      readonly _socket: { write(bytes: Buffer): unknown } | null;
      readonly _receiver?: Receiver;
    };
  };
  close(discard?: boolean): void;
}

/** What `ws` 8 reads frames with, as far as its place between two of them goes. */
export interface Receiver {
  write(this: Receiver, chunk: Buffer): boolean;
  readonly _bufferedBytes: number;
  readonly _state: number;
  readonly _fragmented: number;
  /** A slice of what came from TCP: it holds all of that. */
  _mask?: Buffer | undefined;
  readonly beat?: Beat;
}

/** Engine.IO's ping as one whole WebSocket frame: the text "2". */
export const PING_FRAME = Buffer.from([0x81, 0x01, 0x32]);

/** Of the receiver's: the next byte begins a frame. */
const BETWEEN_FRAMES = 0;

/** Engine.IO's pong, alone and whole: the text "3" of a client, masked (RFC 6455, 5.3). */
function isPong(chunk: Buffer): boolean {
  if (chunk.length !== 7 || chunk[0] !== 0x81 || chunk[1] !== 0x81) return false;
  return ((chunk[6] ?? 0) ^ (chunk[2] ?? 0)) === 0x33;
}

/** Wall ms between the pings of one connection, and how long an answer may take: a dead peer is noticed within a minute. */
export const PING_INTERVAL_MS = 45_000;
export const PING_TIMEOUT_MS = 13_000;
const TURN_MS = 1_000;
const TURNS = PING_INTERVAL_MS / TURN_MS;

/** Asks the peer for a sign of life. */
export function ping({ transport }: Pick<RawConnection, "transport">): void {
  const { _socket: tcp, readyState } = transport.socket ?? { _socket: null, readyState: undefined };
  // After the frame that closes nothing may be said.
  if (readyState === WebSocket.OPEN) tcp?.write(PING_FRAME);
}

/** Stands where a connection's own ping timer stood. */
class Beat {
  answered = true;
  readonly turn: number;

  constructor(turn: number) {
    this.turn = turn;
  }

  /** A pong has come. */
  refresh(): void {
    this.answered = true;
  }
}

/** Notes a pong as it comes from TCP: on its way through `ws` and Engine.IO it costs more than the kernel takes for it. */
function hearPongs(receiver: Receiver, beat: Beat): void {
  Object.assign(receiver, { beat, write: writeUnlessPong });
}

/** Nothing of a message that is not whole yet is held. */
export function isBetweenFrames({
  _state: state,
  _bufferedBytes: bufferedBytes,
  _fragmented: fragmented,
}: Receiver): boolean {
  return state === BETWEEN_FRAMES && bufferedBytes === 0 && fragmented === 0;
}

function writeUnlessPong(this: Receiver, chunk: Buffer): boolean {
  return receive(this, chunk);
}

/**
 * Gives a receiver what came from TCP; a pong that comes alone is noted and goes no further. Of what has been read nothing is held: the mask
 * of the last message would keep the first of them, with its token, as long as the connection says nothing more. [RTM49]
 */
export function receive(receiver: Receiver, chunk: Buffer): boolean {
  if (isBetweenFrames(receiver) && isPong(chunk)) {
    receiver.beat?.refresh();
    return true;
  }
  // Cast: the class's own, which the receiver's hides.
  const takesMore = (Object.getPrototypeOf(receiver) as Receiver).write.call(receiver, kept(chunk));
  if (isBetweenFrames(receiver)) receiver._mask = undefined;
  return takesMore;
}

/** Those who are pinged together. */
interface Turn {
  readonly connections: Set<RawConnection>;
  /** Wall ms of a ping whose answers have not been looked for. */
  askedAtMs: number | undefined;
}

/** Pings of all connections of a hub, by one timer. */
export interface Pulse {
  add(connection: RawConnection): void;
  remove(connection: RawConnection): void;
  stop(): void;
}

/**
 * Engine.IO gives each connection two timers, and those that came together are pinged together for ever. Here each has one
 * turn at random, so that after a reconnect storm pings do not come in a storm as well. A ping is written to the TCP socket as
 * it is, and a pong that comes alone is taken as it comes: made anew through Engine.IO and `ws` it costs more than the kernel takes for it. Nothing is compressed here, so that
 * frames are always written whole, and one more may stand between them. [RTM34]
 *
 * Turns go by the clock: a busy hub, whose timers come late, makes up for what is due. Else a peer would wait for its ping longer than a peer waits.
 */
export function makePulse(clock: Clock, random: () => number = Math.random): Pulse {
  const turns: Turn[] = Array.from({ length: TURNS }, () => ({ connections: new Set(), askedAtMs: undefined }));
  let at = 0;
  let dueAtMs = clock.nowMs();
  let cancel = () => {};

  function goOn(): void {
    const nowMs = clock.nowMs();
    const due = Math.floor((nowMs - dueAtMs) / TURN_MS) + 1;
    for (let left = Math.min(TURNS, due); left > 0; left -= 1) {
      const turn = turns[at];
      if (turn) ask(turn, nowMs);
      at = (at + 1) % TURNS;
    }
    dueAtMs += due * TURN_MS;
    const cancelBeat = clock.after(dueAtMs - nowMs, goOn);
    // Sockets are read before the next timer: a hub that was busy for long blames nobody for what it has not read itself.
    const cancelLook = clock.after(0, () => turns.forEach((turn) => closeSilent(turn, nowMs)));
    cancel = () => {
      cancelBeat();
      cancelLook();
    };
  }

  function ask(turn: Turn, nowMs: number): void {
    for (const connection of turn.connections) {
      (connection.pingIntervalTimer as Beat).answered = false; // Cast: put there by `add`.
      ping(connection);
    }
    turn.askedAtMs = nowMs;
  }

  function closeSilent(turn: Turn, nowMs: number): void {
    if (turn.askedAtMs === undefined || nowMs < turn.askedAtMs + PING_TIMEOUT_MS) return;
    turn.askedAtMs = undefined;
    // Closed ones leave the set while it is gone through.
    for (const connection of turn.connections) {
      if (!(connection.pingIntervalTimer as Beat).answered) connection.close(true); // Cast: as above.
    }
  }
  goOn();

  return {
    add(connection) {
      // Cast: a timer of Engine.IO's own, made when the connection was opened.
      clearTimeout(connection.pingIntervalTimer as NodeJS.Timeout);
      const beat = new Beat(Math.floor(random() * TURNS));
      connection.pingIntervalTimer = beat;
      const { _receiver: receiver, _socket: tcp } = connection.transport.socket ?? {};
      if (receiver) {
        hearPongs(receiver, beat);
        sharesReads(tcp);
      }
      turns[beat.turn]?.connections.add(connection);
    },
    remove(connection) {
      if (connection.pingIntervalTimer instanceof Beat)
        turns[connection.pingIntervalTimer.turn]?.connections.delete(connection);
    },
    stop: () => cancel(),
  };
}
