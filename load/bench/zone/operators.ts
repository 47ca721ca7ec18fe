import { io } from "socket.io-client";

import { roomOf } from "#shared/contracts/rooms.ts";
import type { PackedZoneFrame } from "#shared/contracts/streams.ts";

import { marketOf, type Kind, type OperatorsTold } from "./messages.ts";

/** Operators who watch the same zones with the stock client. Arguments: which hub, its port, how many, and the zones. */
// Cast: given by the bench.
const [kind, port, count, ...zones] = process.argv.slice(2) as [Kind, string, string, ...string[]];
let positions = 0;

function watch(): Promise<void> {
  const marketId = marketOf(kind);
  const client = io(`http://127.0.0.1:${port}/${kind === "ours" ? "ops" : "positions"}`, {
    transports: ["websocket"],
    auth: { token: "any" },
    forceNew: true,
  });
  client.on("zone:frame", (frame: PackedZoneFrame) => {
    positions += frame.couriers.length;
  });
  client.on("position", () => {
    positions += 1;
  });
  const asked = kind === "ours" ? { marketId, zones } : { rooms: zones.map((zone) => roomOf.zone(marketId, zone)) };
  return new Promise((done, failed) => {
    client.once("connect_error", failed);
    client.once("connect", () => client.emit("zones:watch", asked, () => done()));
  });
}

const tell = (message: OperatorsTold) => void process.send?.(message);
process.on("message", () => tell({ positions }));
process.on("disconnect", () => process.exit());
await Promise.all(Array.from({ length: Number(count) }, watch));
tell({ watching: Number(count) });
