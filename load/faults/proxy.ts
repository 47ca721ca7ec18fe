import { once } from "node:events";
import { createServer, connect, type AddressInfo, type Socket } from "node:net";

import type { Rng } from "#shared/lib/rng.ts";

import type { LinkFault } from "./link-fault.ts";
import { Pipe } from "./pipe.ts";

export interface FaultProxy {
  readonly host: string;
  readonly port: number;
  /** Connections that pass bytes or wait to. */
  readonly connections: number;
  /** From now on, for the connections that are there as well. Resolves when it is so. */
  set(fault: LinkFault | undefined): Promise<void>;
  /** Resets every connection (RST to both ends), once; the answer is how many. */
  reset(): number;
  close(): Promise<void>;
}

export interface ProxyOptions {
  /** Where the bytes go. */
  readonly to: { readonly host: string; readonly port: number };
  /** For jitter. */
  readonly rng: Rng;
}

/** An address of its own, so that no outgoing connection of this machine takes the port while nobody is to listen on it. */
const HOST = process.platform === "linux" ? "127.7.0.1" : "127.0.0.1";

/** Stands between a client and a server on this machine and does to their connection what networks do. [FLT1-FLT4] */
export async function startProxy(options: ProxyOptions): Promise<FaultProxy> {
  const proxy = new TcpProxy(options);
  await proxy.listen(0);
  return proxy;
}

class TcpProxy implements FaultProxy {
  readonly host = HOST;
  readonly #options: ProxyOptions;
  readonly #links = new Set<Link>();
  #server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#accept(client));
  #fault: LinkFault | undefined;
  port = 0;

  constructor(options: ProxyOptions) {
    this.#options = options;
  }

  get connections(): number {
    return this.#links.size;
  }

  async listen(port: number): Promise<void> {
    this.#server.listen(port, HOST);
    await once(this.#server, "listening");
    // Cast: it listens on TCP.
    this.port = (this.#server.address() as AddressInfo).port;
  }

  async set(fault: LinkFault | undefined): Promise<void> {
    this.#fault = fault;
    for (const link of this.#links) link.heard(fault);
    if (fault?.kind === "refuse") {
      this.reset();
      if (this.#server.listening) await new Promise((closed) => this.#server.close(closed));
    } else if (!this.#server.listening) await this.listen(this.port);
  }

  reset(): number {
    const links = [...this.#links];
    for (const link of links) link.reset();
    return links.length;
  }

  async close(): Promise<void> {
    this.reset();
    if (this.#server.listening) await new Promise((closed) => this.#server.close(closed));
  }

  #accept(client: Socket): void {
    const { to, rng } = this.#options;
    const server = connect({ ...to, allowHalfOpen: true, noDelay: true });
    const link = new Link(client, server, rng, () => this.#links.delete(link));
    this.#links.add(link);
    // A connection that comes while others are half open is a new one, to the server that is there again.
    if (this.#fault?.kind !== "half-open") link.heard(this.#fault);
  }
}

/** One connection: two sockets and a pipe in either direction. */
class Link {
  readonly #ends: { readonly client: Socket; readonly server: Socket };
  readonly #pipes: readonly Pipe[];
  readonly #over: () => void;
  #silent: Socket | undefined;

  constructor(client: Socket, server: Socket, rng: Rng, over: () => void) {
    this.#ends = { client, server };
    this.#over = over;
    this.#pipes = [new Pipe(client, server, rng), new Pipe(server, client, rng)];
    for (const end of [client, server]) {
      end.on("error", () => this.#lost(end));
      end.on("close", () => this.#closed(end));
    }
  }

  heard(fault: LinkFault | undefined): void {
    if (this.#silent) return this.reset();
    if (fault?.kind === "half-open") return this.#halve(fault.gone);
    for (const pipe of this.#pipes) pipe.set(fault);
  }

  reset(): void {
    for (const pipe of this.#pipes) pipe.stop();
    for (const end of Object.values(this.#ends)) end.resetAndDestroy();
    this.#over();
  }

  #halve(gone: "server" | "client"): void {
    const silent = this.#ends[gone === "server" ? "client" : "server"];
    this.#silent = silent;
    for (const pipe of this.#pipes) pipe.stop();
    this.#ends[gone].resetAndDestroy();
    // What it still says goes nowhere.
    silent.resume();
  }

  #lost(end: Socket): void {
    if (!this.#silent || end === this.#silent) this.reset();
  }

  #closed(end: Socket): void {
    if (end === this.#silent) return this.reset();
    if (this.#ends.client.destroyed && this.#ends.server.destroyed) this.#over();
  }
}
