import { io } from "socket.io-client";

import type { Ack } from "#shared/contracts/streams.ts";
import { cellsWithin, zoneOf } from "#shared/domain/geo/cells.ts";

import { CENTRE } from "../../swarm/plan.ts";
import { MARKET, portOf, tokenOf, type CrowdAsked, type WatchersTold } from "./messages.ts";

/** An operator at one of our hubs, who watches the zones in which couriers ride. */
// Cast: given by the bench.
const { ports } = JSON.parse(process.argv[2] ?? "") as CrowdAsked;
const STEPS_IN_VIEW = 2;
let shown = 0;

const client = io(`http://127.0.0.1:${portOf(ports, 0)}/ops`, {
  transports: ["websocket"],
  auth: { token: tokenOf("operator", 0) },
  forceNew: true,
});
client.on("zone:frame", ({ couriers }: { couriers: unknown[] }) => {
  shown += couriers.length;
});
const tell = (message: WatchersTold) => void process.send?.(message);
process.on("message", () => tell({ shown }));
process.on("disconnect", () => process.exit());
await new Promise<void>((done) => void client.once("connect", done));
const zones = cellsWithin(zoneOf(CENTRE), STEPS_IN_VIEW);
// Cast: what a hub answers with.
const ack = (await client.emitWithAck("zones:watch", { marketId: MARKET, zones })) as Ack<unknown>;
if (!ack.ok) throw new Error(`zones are not watched: ${ack.problem.detail}`);
tell({ ready: true });
