import type { IncomingMessage } from "node:http";

import proxyAddr from "@fastify/proxy-addr";

/** Most sockets of one hub, so that nobody takes what is there for all. */
export interface SocketCaps {
  readonly inAll: number;
  readonly perAddress: number;
  readonly perPerson: number;
}

/** Counts what is there by a name; the last one that goes takes the name with it. */
export class Tally {
  readonly #counts = new Map<string, number>();

  of(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  add(name: string): void {
    this.#counts.set(name, this.of(name) + 1);
  }

  remove(name: string): void {
    const left = this.of(name) - 1;
    if (left > 0) this.#counts.set(name, left);
    else this.#counts.delete(name);
  }
}

/** Proxies stand in the same machine or network; who comes from elsewhere cannot claim another address. */
export const TRUSTED_PROXIES = ["loopback", "linklocal", "uniquelocal"];
const isProxy = proxyAddr.compile(TRUSTED_PROXIES);

/** Where a connection comes from, as the REST edge tells it. [RTM35] */
export function addressOf(request: IncomingMessage): string {
  // Cast: it is undefined, whatever its type says, of a socket that has gone already.
  const address = (proxyAddr(request, isProxy) as string | undefined) ?? "";
  // An IPv4 address that a socket for both tells as IPv6.
  return address.replace(/^::ffff:(?=\d+\.)/iu, "");
}
