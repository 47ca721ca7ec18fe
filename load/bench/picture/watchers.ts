import { io } from "socket.io-client";

import { idOf, customerOf } from "../../swarm/plan.ts";
import { MARKET, portOf, tokenOf, WATCHERS_EACH, type CrowdAsked, type WatchersTold } from "./messages.ts";

/** Stock clients that watch couriers with an order: three for each order, one after the other at the hubs. */
// Cast: given by the bench.
const { kind, ports, couriers } = JSON.parse(process.argv[2] ?? "") as CrowdAsked;
const AT_ONCE = 50;
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
      else {
        client.emit("stream:watch", { stream: { marketId: MARKET, kind: "order", id: orderId } }, (ack: { ok: boolean }) =>
          ack.ok ? done() : failed(new Error(`not watched: ${JSON.stringify(ack)}`)),
        );
      }
    });
  });
}

const tell = (message: WatchersTold) => void process.send?.(message);
process.on("message", () => tell({ shown }));
process.on("disconnect", () => process.exit());
const all = Array.from({ length: couriers * WATCHERS_EACH }, (_, index) => index);
// oxlint-disable-next-line no-await-in-loop -- some at a time
for (let at = 0; at < all.length; at += AT_ONCE) {
  await Promise.all(all.slice(at, at + AT_ONCE).map((n) => watch(Math.floor(n / WATCHERS_EACH), n % WATCHERS_EACH)));
}
tell({ ready: true });
