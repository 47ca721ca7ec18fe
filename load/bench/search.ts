/**
 * `npm run bench:search -- [--city FILE] [--addresses N] [--json FILE]`: loads a city into a store of its own, then looks for
 * addresses that it has, as they are written and as people write them.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { E7, type City } from "#shared/domain/city/city.ts";
import type { Point } from "#shared/domain/geo/point.ts";
import { fold } from "#shared/domain/geocoding/words.ts";
import { seededRng, type Rng } from "#shared/lib/rng.ts";
import { readCityFile } from "#shared/server/city/cities.ts";
import { connectDb, type Db } from "#shared/server/db/connect.ts";
import { findPlaces, namePoint } from "#shared/server/geocoding/geocoder.ts";
import { loadGazetteer } from "#shared/server/geocoding/load-gazetteer.ts";

import { ensureDemoCity } from "../../deploy/local/demo-city.ts";
import { openMarket } from "../../deploy/local/seed.ts";
import { startSystem } from "../../deploy/local/system.ts";
import { REPLAY_ADMIN, REPLAY_MARKET } from "../replay/cast.ts";
import { quantile } from "../replay/offline.ts";
import { cutOff, mistyped, sampleAddresses, type SampleAddress } from "./address-texts.ts";

const SEED = 20_261_125;
/** Asked before anything is timed, so that plans and pages are there as on any hub that has worked a while. */
const WARM_UP = 100;

/** What `--json` writes down. Times are of whole searches with all their statements, one after the other, wall ms. */
export interface SearchFigures {
  readonly city: string;
  readonly doors: number;
  readonly loadMs: number;
  readonly searches: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Shares of addresses whose street and number come first, asked as written, and without accents and capitals. */
  readonly writtenTop1: number;
  readonly foldedTop1: number;
  /** Shares whose street is among the first five, with one typing error, and cut off. */
  readonly mistypedTop5: number;
  readonly cutOffTop5: number;
  readonly reverseP99Ms: number;
  /** Share of doors whose own place is called by their street and number, or by another door at the same place. */
  readonly reverseSame: number;
}

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      city: { type: "string" },
      addresses: { type: "string", default: "500" },
      json: { type: "string" },
    },
  });
  const file = values.city ?? join(await ensureDemoCity(say), "montevideo.city.gz");
  const city = readCityFile(file);
  const dir = mkdtempSync(join(tmpdir(), "tiffin-search-"));
  let loadMs = 0;
  const market = { ...MARKET, center: middleOf(city) };
  const system = await startSystem({
    dir,
    hubs: 1,
    workers: 0,
    payments: "sandbox",
    env: { LOG_LEVEL: "warn" },
    tell: say,
    prepare: async (databaseUrl) => {
      await openMarket(databaseUrl, { market, admin: REPLAY_ADMIN });
      const startMs = performance.now();
      await loadGazetteer(databaseUrl, market.id, city, say);
      loadMs = Math.round(performance.now() - startMs);
    },
  });
  const db = connectDb(system.databaseUrl, { max: 1, name: "tiffin-bench" });
  try {
    const figures = await measure(db, city, market.center, Number(values.addresses));
    const all: SearchFigures = { city: city.meta.name, doors: city.addresses.street.length, loadMs, ...figures };
    process.stdout.write(`${JSON.stringify(all, null, 2)}\n`);
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(all, null, 2)}\n`);
  } finally {
    await db.close();
    await system.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

const MARKET = {
  id: REPLAY_MARKET,
  name: "Bench",
  timeZone: "UTC",
  currency: "USD",
  locale: "en-US",
  taxBasisPoints: 800,
};

async function measure(db: Db, city: City, center: Point, count: number) {
  const rng = seededRng(SEED);
  const addresses = sampleAddresses(city, rng, count);
  const tookMs: number[] = [];
  const ask = async (text: string, from: Point | null, limit: number): Promise<readonly string[]> => {
    const startMs = performance.now();
    const { places } = await findPlaces(db, { marketId: MARKET.id, text, from, center, limit });
    tookMs.push(performance.now() - startMs);
    return places.map(({ label }) => label);
  };
  for (const { line } of addresses.slice(0, WARM_UP)) await ask(line, null, 8);
  tookMs.length = 0;
  const share = async (name: string, textOf: (each: SampleAddress) => string, top: number, isIt: IsIt) => {
    let right = 0;
    for (const each of addresses) {
      const text = textOf(each);
      const labels = await ask(text, nearby(each.point, rng), 8);
      if (labels.slice(0, top).some((label) => isIt(label, each))) right += 1;
      else say(`${name}: "${text}" is ${each.line}, found: ${labels.slice(0, 5).join(" | ")}`);
    }
    return round(right / addresses.length);
  };
  const isAddress: IsIt = (label, { line }) => fold(label) === fold(line);
  const isStreet: IsIt = (label, { street }) => fold(label).startsWith(fold(street));
  const figures = {
    writtenTop1: await share("written", ({ line }) => line, 1, isAddress),
    foldedTop1: await share("folded", ({ line }) => fold(line), 1, isAddress),
    mistypedTop5: await share("mistyped", ({ street, number }) => `${mistyped(street, rng)} ${number}`, 5, isStreet),
    cutOffTop5: await share("cut off", ({ street }) => cutOff(street, rng), 5, isStreet),
  };
  const reverse = await measureReverse(db, addresses);
  return {
    searches: tookMs.length,
    p50Ms: round(quantile(tookMs, 0.5)),
    p99Ms: round(quantile(tookMs, 0.99)),
    ...figures,
    ...reverse,
  };
}

type IsIt = (label: string, wanted: SampleAddress) => boolean;

async function measureReverse(db: Db, addresses: readonly SampleAddress[]) {
  const tookMs: number[] = [];
  let same = 0;
  for (const { line, point } of addresses) {
    const startMs = performance.now();
    const { place } = await namePoint(db, MARKET.id, point);
    tookMs.push(performance.now() - startMs);
    if (place && (fold(place.label) === fold(line) || place.distanceM === 0)) same += 1;
    else say(`reverse: ${line} is called ${place?.label ?? "nothing"}`);
  }
  return { reverseP99Ms: round(quantile(tookMs, 0.99)), reverseSame: round(same / addresses.length) };
}

/** Somebody within a kilometre or so of the door. */
function nearby({ lat, lng }: Point, rng: Rng): Point {
  return { lat: lat + (rng() - 0.5) * 0.02, lng: lng + (rng() - 0.5) * 0.02 };
}

function middleOf({ addresses }: City): Point {
  const mean = (column: Int32Array) => column.reduce((sum, each) => sum + each, 0) / Math.max(1, column.length) / E7;
  return { lat: mean(addresses.latE7), lng: mean(addresses.lngE7) };
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

await main();
process.exit(0);
