import { io } from "socket.io-client";

import { connectHub } from "#shared/client/hub-client.ts";
import { makeWhereabouts } from "#shared/client/whereabouts.ts";
import type { Fix } from "#shared/contracts/geo.ts";
import type { StreamRef } from "#shared/contracts/streams.ts";

import { CENTRE, idOf } from "../../swarm/plan.ts";
import { MARKET, portOf, tokenOf, type CrowdAsked, type PhonesTold } from "./messages.ts";
import { ridesFrom, toAndFro, type Reading } from "./rides.ts";

/** Couriers' phones, whose time stands still while the other side has its turn. */
// Cast: given by the bench.
const { kind, ports, couriers, traces } = JSON.parse(process.argv[2] ?? "") as CrowdAsked;
const TURN_MS = 20;
const TRY_MS = 4_000;
const AT_ONCE = 50;
/** So that phones read at different moments. */
const SPREAD_MS = 5_000;
const asked = { fixes: 0, motions: 0, traces: 0 };

/** Of the phones: begins in the middle of a minute, whose traces come when the first round has been thrown away, and goes while they ride. */
const startMs = Math.ceil((Date.now() - 3_600_000) / 60_000) * 60_000 + 30_000;
let rodeMs = 0;
let ridingSinceMs: number | undefined;
const nowMs = () => startMs + rodeMs + (ridingSinceMs === undefined ? 0 : performance.now() - ridingSinceMs);

interface Phone {
  read(fix: Fix): void;
}

/** What runs on a courier's phone: it decides what the hub is told. */
async function ourPhone(index: number): Promise<Phone> {
  const token = tokenOf("courier", index);
  const client = connectHub({
    url: `http://127.0.0.1:${portOf(ports, index)}`,
    namespace: "courier",
    token: () => token,
  });
  await new Promise<void>((live) => client.onStatus((status) => status === "live" && live()));
  // As the app does: the courier's own work.
  const stream: StreamRef = { marketId: MARKET, kind: "courier", id: idOf("courier-file", index) };
  await new Promise<void>((known) => void client.watch(stream, { onSnapshot: () => known(), onEvent: () => {} }));
  const queue: Fix[] = [];
  const whereabouts = makeWhereabouts({
    hub: {
      async command(name, input, options) {
        const answer = await client.command(name, input, options);
        // Cast: motions and traces are answered with how many were kept.
        const { kept } = answer as { kept: number };
        if (name === "trace.push") asked.traces += 1;
        else asked.motions += kept;
        return answer;
      },
    },
    marketId: MARKET,
    queue: {
      get size() {
        return queue.length;
      },
      next: (count) => queue.slice(0, count),
      sent: (gone) => void queue.splice(0, gone.length),
    },
    nowMs,
    online: () => client.status === "live",
    tryMs: TRY_MS,
    phase: index / couriers,
  });
  return {
    read(fix) {
      queue.push(fix);
      whereabouts.took(fix);
    },
  };
}

/** Every fix to the hub, as it is. */
async function plainPhone(index: number): Promise<Phone> {
  const client = io(`http://127.0.0.1:${portOf(ports, index)}/courier`, { transports: ["websocket"], forceNew: true });
  await new Promise<void>((live) => void client.once("connect", live));
  const orderId = idOf("order", index);
  return {
    read({ lat, lng, speedMps, headingDeg, takenAtMs }) {
      client.emit("fix", { orderId, lat, lng, speedMps, headingDeg, takenAtMs });
    },
  };
}

interface Rider {
  readonly phone: Phone;
  readonly way: Generator<Reading>;
  /** Behind the ride's own times, ms. */
  lateMs: number;
  next: Reading;
}

const rides = ridesFrom(traces, couriers, CENTRE);
async function riderOf(index: number): Promise<Rider> {
  const way = toAndFro(rides[index % rides.length] ?? []);
  const phone = await (kind === "ours" ? ourPhone(index) : plainPhone(index));
  return { phone, way, lateMs: (index * SPREAD_MS) / couriers, next: nextOf(way) };
}

function nextOf(way: Generator<Reading>): Reading {
  const { value } = way.next();
  if (value === undefined) throw new Error("a ride needs a reading");
  // Cast: it has no end.
  return value as Reading;
}

function readDue(riders: readonly Rider[]): void {
  const atMs = nowMs();
  for (const rider of riders) {
    const takenAtMs = Math.round(startMs + rider.lateMs + rider.next.afterMs);
    if (takenAtMs > atMs) continue;
    // Who could not read in time goes on from there: two readings at once would be one for a screen.
    rider.lateMs += atMs - takenAtMs;
    const { lat, lng, accuracyM, speedMps, headingDeg } = rider.next;
    rider.phone.read({ lat, lng, accuracyM, speedMps, headingDeg, takenAtMs: Math.round(atMs) });
    asked.fixes += 1;
    rider.next = nextOf(rider.way);
  }
}

const riders: Rider[] = [];
for (let from = 0; from < couriers; from += AT_ONCE) {
  const some = Array.from({ length: Math.min(AT_ONCE, couriers - from) }, (_, nth) => riderOf(from + nth));
  // oxlint-disable-next-line no-await-in-loop -- some at a time
  riders.push(...(await Promise.all(some)));
}

const tell = (message: PhonesTold) => void process.send?.(message);
let turns: NodeJS.Timeout | undefined;
process.on("message", (what: "go" | "stand" | "count") => {
  if (what === "go") {
    ridingSinceMs = performance.now();
    turns = setInterval(() => readDue(riders), TURN_MS);
  } else if (what === "stand") {
    rodeMs = nowMs() - startMs;
    ridingSinceMs = undefined;
    clearInterval(turns);
  } else tell(asked);
});
process.on("disconnect", () => process.exit());
tell({ ready: true });
