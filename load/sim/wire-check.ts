import { streamKey, type Ack, type StreamFrames, type StreamRef, type WatchAnswer } from "#shared/contracts/streams.ts";

/**
 * Looks at what hubs say on each connection, before a client has put anything right: after the answer to a watch every
 * event is the next one of the same history, and nothing follows the end of a right. [SIM3]
 */
export class WireCheck {
  readonly #at = new WeakMap<object, Map<string, { readonly epoch: string; seq: number }>>();
  readonly faults: string[] = [];

  answered(connection: object, payload: object, ack: Ack<WatchAnswer>): void {
    if (!ack.ok) return;
    // Cast: the payload of a watch, as the client library sends it.
    const { stream } = payload as { readonly stream: StreamRef };
    const watched = this.#at.get(connection) ?? new Map();
    watched.set(streamKey(stream), { epoch: ack.data.epoch, seq: ack.data.seq });
    this.#at.set(connection, watched);
  }

  sent<E extends keyof StreamFrames>(connection: object, name: E, frame: StreamFrames[E]): void {
    // Cast (both): the name tells which frame it is.
    if (name === "stream:closed") {
      this.#at.get(connection)?.delete((frame as StreamFrames["stream:closed"]).stream);
    } else if (name === "stream:event") {
      this.#event(connection, frame as StreamFrames["stream:event"]);
    }
  }

  #event(connection: object, { stream, epoch, event }: StreamFrames["stream:event"]): void {
    const at = this.#at.get(connection)?.get(stream);
    if (!at) return void this.faults.push(`${stream} seq ${event.seq} was sent to a socket that does not watch it`);
    if (at.epoch !== epoch || event.seq !== at.seq + 1) {
      this.faults.push(`${stream} seq ${event.seq} of ${epoch} was sent after seq ${at.seq} of ${at.epoch}`);
    }
    at.seq = Math.max(at.seq, event.seq);
  }
}
