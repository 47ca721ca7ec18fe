import { Transport } from "engine.io";

import { laidFlat, Listeners } from "./listeners.ts";

/** A WebSocket of `ws` 8, as far as a transport goes. */
interface Web {
  _events: object;
  _eventsCount: number;
  on(event: string, listener: (this: Web, ...args: never[]) => void): void;
  send(data: string | Buffer, sent: Sent): void;
  close(): void;
  readonly _sender: { sendFrame(frame: readonly Buffer[], sent: Sent): void };
  /** Put there by {@link LeanTransport}. */
  lean?: LeanTransport;
}

type Sent = (error?: Error | null) => void;

type Packet = Parameters<Transport["send"]>[0][number];

/** The request of an upgrade that was accepted. */
export interface UpgradedRequest {
  readonly _query: Record<string, string>;
  readonly websocket: object;
}

/**
 * Engine.IO's transport over a WebSocket, which does as its own does and holds less: what all connections do alike are functions of
 * the class, not closures of each, listeners are no hash tables, and nothing is kept for headers that were sent long ago. [RTM49]
 */
export class LeanTransport extends Transport {
  readonly socket: Web;
  /** Engine.IO sets it; nothing is compressed here. */
  perMessageDeflate: unknown = undefined;

  constructor(request: UpgradedRequest) {
    super(request);
    laidFlat(this);
    this.socket = request.websocket as Web; // Cast: what `ws` gave to Engine.IO.
    this.socket.lean = this;
    // One that Engine.IO left there for an upgrade from polling, which is not spoken here.
    this.socket._events = new Listeners();
    this.socket._eventsCount = 0;
    this.socket.on("message", heard);
    this.socket.on("close", ended);
    this.socket.on("error", failed);
    this.writable = true;
  }

  override get name(): string {
    return "websocket";
  }

  /** The headers have been sent when this is asked for. */
  override on(event: string, listener: (...args: unknown[]) => void): this {
    return event === "headers" ? this : super.on(event, listener);
  }

  /** A transport ends once, and Engine.IO listens to nothing else once. */
  override once(event: string, listener: (...args: unknown[]) => void): this {
    return this.on(event, listener);
  }

  override send(packets: Packet[]): void {
    this.writable = false;
    for (const [at, packet] of packets.entries()) this.#send(packet, at + 1 === packets.length);
  }

  #send(packet: Packet, isLast: boolean): void {
    const sent: Sent = (error) => {
      if (error) return this.onError("write error", error.stack);
      if (!isLast) return;
      this.emit("drain");
      this.writable = true;
      this.emit("ready");
    };
    // Cast: the option is not in Engine.IO's types.
    const frame = (packet.options as { wsPreEncodedFrame?: readonly Buffer[] } | undefined)?.wsPreEncodedFrame;
    if (frame) return this.socket._sender.sendFrame(frame, sent);
    this.parser.encodePacket(packet, this.supportsBinary, (data: string | Buffer) => this.socket.send(data, sent));
  }

  override doClose(done?: () => void): void {
    this.socket.close();
    done?.();
  }

  hear(data: Buffer, isBinary: boolean): void {
    this.onData(isBinary ? data : data.toString());
  }

  end(): void {
    this.onClose();
  }

  fail(error: Error): void {
    this.onError(error.message, error);
  }
}

function heard(this: Web, data: Buffer, isBinary: boolean): void {
  this.lean?.hear(data, isBinary);
}

function ended(this: Web): void {
  this.lean?.end();
}

function failed(this: Web, error: Error): void {
  this.lean?.fail(error);
}
