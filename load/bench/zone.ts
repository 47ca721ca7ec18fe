import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { parseArgs } from "node:util";

import { roomOf } from "#shared/contracts/rooms.ts";
import type { Position } from "#shared/contracts/streams.ts";
import { cellCentre, cellsWithin, zoneOf } from "#shared/domain/geo/cells.ts";
import { wallClock } from "#shared/client/wall-clock.ts";
import { seededRng } from "#shared/lib/rng.ts";
import { makeArrivals } from "#shared/server/realtime/arrivals.ts";
import { makePositionOutbox } from "#shared/server/realtime/position-outbox.ts";
import { makePublisher } from "#shared/server/realtime/publish.ts";
import { broadcastOf, channelOf } from "#shared/server/realtime/wire.ts";
import { connectRedis, type RedisClient } from "#shared/server/redis/connect.ts";

import { startRedis } from "../../deploy/local/redis.ts";
import { nodeFlagsOf } from "../../deploy/local/system-parts.ts";
import { quantile } from "../replay/offline.ts";
import { marketOf, type HubTold, type Kind, type OperatorsTold } from "./zone/messages.ts";

const USAGE =
  "npm run bench:zone -- [--couriers 200] [--operators 50] [--fix-every-s 5] [--seconds 20] [--rounds 3] [--json FILE]";
const CENTER = { lat: -34.9, lng: -56.18 };
/** Zones within so many steps are in view: 19 of them, about 100 km². */
const STEPS_IN_VIEW = 2;
/** Wall ms after the last fix in which what is under way arrives. */
const LAST_ONES_MS = 2_500;
const SPAN_MS = 20;
/** Nobody begins to watch while it is measured. */
const ARRIVALS = makeArrivals(Date.now);
ARRIVALS.hears();

/** What `--json` writes down. */
export interface ZoneFigures {
  /** Processor time of our hub a position delivered, over that of plain room emits; the median of the rounds. */
  readonly cpuRatioVsPlain: number;
  readonly usPerPosition: number;
  readonly plainUsPerPosition: number;
  readonly couriers: number;
  readonly operators: number;
  readonly fixEveryS: number;
  readonly zones: number;
  readonly rounds: readonly { readonly oursUs: number; readonly plainUs: number }[];
}

interface Asked {
  readonly couriers: number;
  readonly operators: number;
  readonly fixEveryS: number;
  readonly seconds: number;
  readonly rounds: number;
}

/**
 * What it costs a hub to show couriers to operators: our frames against one event a position to the zone's room of plain
 * Socket.IO with its Redis adapter, turn by turn in one run, with stock clients, of the same fixes over the same Redis.
 */
async function main(): Promise<void> {
  const { asked, json } = readArgs();
  const dir = mkdtempSync(join(tmpdir(), "tiffin-bench-"));
  const redis = await startRedis({ dataDir: join(dir, "redis") });
  const publisher = connectRedis(redis.url, "positions", "bench-zone", () => {});
  const zones = cellsWithin(zoneOf(CENTER), STEPS_IN_VIEW);
  const sides: Side[] = [];
  try {
    for (const kind of ["ours", "plain"] as const) sides.push(await openSide(kind, redis.url, asked, zones));
    const figures = figuresOf(asked, zones, await playRounds(asked, sides, publisher, zones));
    const text = `${JSON.stringify(figures, null, 2)}\n`;
    process.stdout.write(text);
    if (json !== undefined) writeFileSync(json, text);
  } finally {
    for (const { hub, operators } of sides) for (const child of [operators, hub]) child.disconnect();
    publisher.disconnect();
    await redis.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

function readArgs(): { asked: Asked; json: string | undefined } {
  const text = (value: string) => ({ type: "string", default: value }) as const;
  const { values } = parseArgs({
    options: {
      couriers: text("200"),
      operators: text("50"),
      "fix-every-s": text("5"),
      seconds: text("20"),
      rounds: text("3"),
      json: { type: "string" },
    },
  });
  const number = (value: string): number => {
    if (!(Number(value) > 0)) throw new Error(`"${value}" is no number above 0. ${USAGE}`);
    return Number(value);
  };
  return {
    asked: {
      couriers: number(values.couriers),
      operators: number(values.operators),
      fixEveryS: number(values["fix-every-s"]),
      seconds: number(values.seconds),
      rounds: number(values.rounds),
    },
    json: values.json,
  };
}

/** One of the two hubs with its operators, each a process. */
interface Side {
  readonly kind: Kind;
  readonly hub: ChildProcess;
  readonly operators: ChildProcess;
}

async function openSide(kind: Kind, redisUrl: string, asked: Asked, zones: readonly string[]): Promise<Side> {
  const hub = fork(join(import.meta.dirname, "zone/hub.ts"), [kind, redisUrl], { execArgv: nodeFlagsOf("hub/") });
  // Cast: what a hub tells first.
  const [{ port }] = (await once(hub, "message")) as [HubTold & { port: number }];
  const args = [kind, String(port), String(asked.operators), ...zones];
  const operators = fork(join(import.meta.dirname, "zone/operators.ts"), args);
  await once(operators, "message");
  return { kind, hub, operators };
}

/** Microseconds of processor a delivered position, of each side in each round. */
async function playRounds(asked: Asked, sides: readonly Side[], publisher: RedisClient, zones: readonly string[]) {
  const rounds: { oursUs: number; plainUs: number }[] = [];
  // The first is thrown away: code is compiled in it.
  for (let round = 0; round <= asked.rounds; round += 1) {
    const us = { ours: 0, plain: 0 };
    for (const side of sides) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other: they share the machine
      us[side.kind] = await playSide(asked, side, publisher, zones);
      process.stderr.write(
        `${round === 0 ? "warm-up" : `round ${round}`}, ${side.kind}: ${us[side.kind].toFixed(2)} µs a position delivered\n`,
      );
    }
    if (round > 0) rounds.push({ oursUs: us.ours, plainUs: us.plain });
  }
  return rounds;
}

async function playSide(asked: Asked, side: Side, publisher: RedisClient, zones: readonly string[]): Promise<number> {
  const before = { cpuUs: await cpuOf(side.hub), positions: await givenTo(side.operators) };
  const sent = await publishFixes(asked, side.kind, publisher, zones);
  await after(LAST_ONES_MS);
  const positions = (await givenTo(side.operators)) - before.positions;
  if (positions !== sent * asked.operators)
    throw new Error(`${side.kind}: of ${sent} fixes ${asked.operators} operators were given ${positions} positions`);
  return ((await cpuOf(side.hub)) - before.cpuUs) / positions;
}

/** Each courier's fixes, spread evenly over the time between two. @returns how many */
async function publishFixes(asked: Asked, kind: Kind, publisher: RedisClient, zones: readonly string[]) {
  const rng = seededRng(1);
  const publish = kind === "plain" ? publishPlain(publisher) : publishOurs(publisher);
  const perSpan = (asked.couriers / (asked.fixEveryS * 1000)) * SPAN_MS;
  const beganMs = performance.now();
  let sent = 0;
  for (let span = 1; span * SPAN_MS <= asked.seconds * 1000; span += 1) {
    while (sent < span * perSpan) {
      const courier = sent % asked.couriers;
      publish(fixOf(kind, courier, zones[courier % zones.length]!, rng));
      sent += 1;
    }
    // oxlint-disable-next-line no-await-in-loop -- as time goes
    await after(Math.max(0, beganMs + span * SPAN_MS - performance.now()));
  }
  return sent;
}

type Publish = (fix: Position) => void;

/** As a hub does. */
function publishOurs(positions: RedisClient): Publish {
  const publisher = makePublisher({ events: positions, positions, arrivals: ARRIVALS, onLost: () => {} });
  const ours = makePositionOutbox({ last: { keep: async () => {} }, publisher, clock: wallClock });
  return (fix) => ours.tell(fix);
}

/** To the zone's room, and only what is shown. */
function publishPlain(positions: RedisClient): Publish {
  return ({ marketId, zone, courierId, lat, lng, speedMps, headingDeg, takenAtMs }) => {
    const shown = { courierId, lat, lng, speedMps, headingDeg, takenAtMs };
    const room = roomOf.zone(marketId, zone);
    const text = broadcastOf("/positions", room, "position", shown);
    positions.spublish(channelOf("/positions", room), text).catch(() => {});
  };
}

function fixOf(kind: Kind, courier: number, zone: string, rng: () => number): Position {
  const { lat, lng } = cellCentre(zone);
  return {
    marketId: marketOf(kind),
    courierId: `0190a000-0000-7000-8000-${String(courier).padStart(12, "0")}`,
    lat: lat + (rng() - 0.5) / 100,
    lng: lng + (rng() - 0.5) / 100,
    speedMps: Math.round(rng() * 150) / 10,
    headingDeg: Math.round(rng() * 360),
    takenAtMs: Date.now(),
    zone,
    carrying: [],
  };
}

async function cpuOf(hub: ChildProcess): Promise<number> {
  const told = once(hub, "message");
  hub.send("cpu");
  // Cast: what a hub answers.
  const [{ cpuUs }] = (await told) as [HubTold & { cpuUs: number }];
  return cpuUs;
}

async function givenTo(operators: ChildProcess): Promise<number> {
  const told = once(operators, "message");
  operators.send("count");
  // Cast: what operators answer.
  const [{ positions }] = (await told) as [OperatorsTold & { positions: number }];
  return positions;
}

function figuresOf(asked: Asked, zones: readonly string[], rounds: ZoneFigures["rounds"]): ZoneFigures {
  const median = (of: (round: ZoneFigures["rounds"][number]) => number) => quantile(rounds.map(of), 0.5);
  return {
    cpuRatioVsPlain: Math.round(1000 * median(({ oursUs, plainUs }) => oursUs / plainUs)) / 1000,
    usPerPosition: median(({ oursUs }) => oursUs),
    plainUsPerPosition: median(({ plainUs }) => plainUs),
    couriers: asked.couriers,
    operators: asked.operators,
    fixEveryS: asked.fixEveryS,
    zones: zones.length,
    rounds,
  };
}

await main();
