/**
 * `npm run bench:decisions -- [--city FILE.city.gz] [--json FILE]`: what it costs to keep dispatch rounds: bytes of one, and the
 * time of deciding and packing it against deciding alone, by turns in one run.
 */
import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import { VEHICLES } from "#shared/domain/city/city.ts";
import { decide, replay } from "#shared/domain/dispatch/decision/decision-record.ts";
import { planRound } from "#shared/domain/dispatch/plan-round.ts";
import { DEFAULT_SETTINGS, type RoundInput } from "#shared/domain/dispatch/round.ts";
import type { Point } from "#shared/domain/geo/point.ts";
import { makeCityRouter } from "#shared/domain/router/graph/city-router.ts";
import { nodePoint } from "#shared/domain/router/graph/shape.ts";
import { haversineRouter } from "#shared/domain/router/haversine-router.ts";
import type { Router } from "#shared/domain/router/router.ts";
import { seededRng } from "#shared/lib/rng.ts";
import { readCityFile } from "#shared/server/city/cities.ts";
import { packDecision, unpackDecision } from "#shared/server/life/decisions.ts";

import { quantile } from "../replay/offline.ts";

const SIZES = [
  { open: 30, couriers: 100, times: 40 },
  { open: 300, couriers: 1_000, times: 8 },
] as const;
const NOW_MS = 1_800_000_000_000;
const rng = seededRng(1);

interface Figures {
  readonly open: number;
  readonly couriers: number;
  readonly ways: number;
  readonly jsonBytes: number;
  readonly keptBytes: number;
  readonly otherBytes: Readonly<Record<string, number>>;
  /** Processor time, median. */
  readonly planMs: number;
  /** Deciding and recording over deciding alone; and with the packing, most of which runs beside the event loop. */
  readonly recordedRatio: number;
  readonly keptRatio: number;
  readonly equal: boolean;
}

/** Without a city: anywhere in some 8 × 8 km. */
function groundOf(file: string | undefined): { readonly router: Router; readonly somewhere: () => Point } {
  if (file === undefined) {
    const somewhere = () => ({ lat: -34.9 + (rng() - 0.5) * 0.07, lng: -56.18 + (rng() - 0.5) * 0.09 });
    return { router: haversineRouter({ speedMps: 5, detour: 1.3 }), somewhere };
  }
  const city = readCityFile(file);
  const { by } = makeCityRouter(city);
  const usual = by("motorbike");
  if (!usual) throw new Error(`${file} has no streets for motorbikes`);
  const somewhere = () => nodePoint(city.streets, Math.floor(rng() * city.streets.nodeLatE7.length));
  return { router: { ...usual, by: (vehicle) => by(vehicle) ?? usual }, somewhere };
}

function roundOf({ open, couriers }: (typeof SIZES)[number], ground: ReturnType<typeof groundOf>): RoundInput {
  const kitchens = Array.from({ length: Math.ceil(open * 0.6) }, () => ({
    id: randomUUID(),
    point: ground.somewhere(),
  }));
  return {
    nowMs: NOW_MS,
    router: ground.router,
    couriers: Array.from({ length: couriers }, (_, index) => {
      const busy = rng() < 0.5;
      const point = ground.somewhere();
      return {
        id: randomUUID(),
        point,
        freeAtMs: NOW_MS + (busy ? Math.floor(rng() * 1_500_000) : 0),
        freePoint: busy ? ground.somewhere() : point,
        shiftEndsAtMs: NOW_MS + 7_200_000,
        activeOfferCount: rng() < 0.05 ? 1 : 0,
        capacity: 3,
        vehicle: VEHICLES[index % 3] ?? "car",
      };
    }),
    deliveries: Array.from({ length: open }, (_, index) => {
      const kitchen = kitchens[index % kitchens.length];
      const placedAtMs = NOW_MS - Math.floor(rng() * 900_000);
      return {
        id: randomUUID(),
        orderId: randomUUID(),
        restaurantId: kitchen?.id ?? "",
        pickup: kitchen?.point ?? ground.somewhere(),
        drop: ground.somewhere(),
        placedAtMs,
        readyAtMs: placedAtMs + 600_000 + Math.floor(rng() * 900_000),
        excludedCourierIds: rng() < 0.2 ? [randomUUID()] : [],
        priority: 0,
      };
    }),
  };
}

/** Processor time of all threads, ms: what wall time is on a machine that does nothing else. */
async function timed(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

async function figuresOf(size: (typeof SIZES)[number], ground: ReturnType<typeof groundOf>): Promise<Figures> {
  const input = roundOf(size, ground);
  const [alone, recorded, kept] = [new Array<number>(), new Array<number>(), new Array<number>()];
  for (let count = 0; count < size.times; count++) {
    // oxlint-disable no-await-in-loop -- one after the other, by turns
    alone.push(await timed(() => planRound(input, DEFAULT_SETTINGS)));
    recorded.push(await timed(() => decide(input, DEFAULT_SETTINGS)));
    kept.push(await timed(() => packDecision(decide(input, DEFAULT_SETTINGS))));
    // oxlint-enable no-await-in-loop
  }
  const record = decide(input, DEFAULT_SETTINGS);
  const json = JSON.stringify(record);
  const packed = await packDecision(record);
  const brotli = (quality: number) =>
    brotliCompressSync(json, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } }).length;
  const again = await unpackDecision(packed);
  const planMs = quantile(alone, 0.5);
  return {
    open: size.open,
    couriers: size.couriers,
    ways: record.ways.routers.reduce((sum, { ms }) => sum + ms.length, 0),
    jsonBytes: json.length,
    keptBytes: packed.length,
    otherBytes: { gzip: gzipSync(json).length, brotli1: brotli(1), brotli9: brotli(9) },
    planMs: rounded(planMs),
    recordedRatio: rounded(quantile(recorded, 0.5) / planMs),
    keptRatio: rounded(quantile(kept, 0.5) / planMs),
    equal: again !== undefined && replay(again).outcome === "equal",
  };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

const { values } = parseArgs({ options: { city: { type: "string" }, json: { type: "string" } } });
const ground = groundOf(values.city);
const figures: Figures[] = [];
for (const size of SIZES) {
  process.stderr.write(`${size.open} open, ${size.couriers} couriers\n`);
  // oxlint-disable-next-line no-await-in-loop -- measured alone
  figures.push(await figuresOf(size, ground));
}
process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
if (figures.some(({ equal }) => !equal)) process.exitCode = 1;
