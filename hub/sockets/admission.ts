import type { IncomingMessage } from "node:http";
import { BlockList, isIPv6 } from "node:net";

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

const PROXIES = new BlockList();
for (const [net, bits] of [
  ["127.0.0.0", 8],
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["169.254.0.0", 16],
] as const) {
  PROXIES.addSubnet(net, bits);
}
PROXIES.addAddress("::1", "ipv6");
PROXIES.addSubnet("fc00::", 7, "ipv6");
PROXIES.addSubnet("fe80::", 10, "ipv6");

/**
 * Where a request comes from. A proxy stands in the same machine or network, and what it adds on the right is believed; who
 * comes from elsewhere cannot claim another address. As the REST edge does it. [RTM35]
 */
export function addressOf(
  request: Pick<IncomingMessage, "headers"> & { socket: { remoteAddress?: string | undefined } },
) {
  const said = [request.headers["x-forwarded-for"] ?? []].flat().join(",");
  const chain = [...said.split(",").map((each) => each.trim()), request.socket.remoteAddress ?? ""].filter(Boolean);
  let address = chain.pop() ?? "";
  for (let next = chain.pop(); next !== undefined && isProxy(address); next = chain.pop()) address = next;
  return plain(address);
}

function isProxy(address: string): boolean {
  const bare = plain(address);
  return PROXIES.check(bare, isIPv6(bare) ? "ipv6" : "ipv4");
}

/** An IPv4 address that a socket for both tells as IPv6. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/iu, "");
}
