import { io, type Socket } from "socket.io-client";

import type { Ack, StreamRef } from "#shared/contracts/streams.ts";

import { customerOf, idOf } from "../../swarm/plan.ts";
import { MARKET, portOf, tokenOf, type CrowdAsked, type WatchersTold } from "./messages.ts";

/** Stock clients that watch couriers with an order: so many for each order, one after the other at the hubs. */
// Cast: given by the bench.
const { kind, ports, couriers, watchersEach } = JSON.parse(process.argv[2] ?? "") as CrowdAsked;
const AT_ONCE = 50;
const AGAIN_MS = 1_000;
let shown = 0;

function watch(order: number, nth: number): Promise<void> {
  const client = io(`http://127.0.0.1:${portOf(ports, order + nth)}/customer`, {
    transports: ["websocket"],
    auth: { token: tokenOf("customer", customerOf(order)) },
    forceNew: true,
  });
  client.on("position", () => {
    shown += 1;
  });
  const orderId = idOf("order", order);
  return new Promise((done, failed) => {
    client.once("connect_error", failed);
    client.once("connect", () => {
      if (kind === "plain") client.emit("watch", orderId, () => done());
      else watchStream(client, { marketId: MARKET, kind: "order", id: orderId }, done);
    });
  });
}

/** Again when the hub says so: on a crowded machine its store may not answer at first. */
function watchStream(client: Socket, stream: StreamRef, done: () => void): void {
  client.emit("stream:watch", { stream }, ({ ok }: Ack<unknown>) => {
    if (ok) done();
    else setTimeout(() => watchStream(client, stream, done), AGAIN_MS);
  });
}

const tell = (message: WatchersTold) => void process.send?.(message);
process.on("message", () => tell({ shown }));
process.on("disconnect", () => process.exit());
const all = Array.from({ length: couriers * watchersEach }, (_, index) => index);
for (let at = 0; at < all.length; at += AT_ONCE) {
  // oxlint-disable-next-line no-await-in-loop -- some at a time
  await Promise.all(all.slice(at, at + AT_ONCE).map((n) => watch(Math.floor(n / watchersEach), n % watchersEach)));
}
tell({ ready: true });
