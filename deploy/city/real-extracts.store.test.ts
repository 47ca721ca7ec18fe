import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { AREA_KINDS, covers, mayRide, VEHICLES, type City } from "#shared/domain/city/city.ts";
import { readCityFile } from "#shared/server/city/cities.ts";

import { ensureDemoCity } from "../local/demo-city.ts";
import { PROJECT } from "../local/folders.ts";
import { importCity } from "./import-city.ts";

const EXTRACTS = join(PROJECT, "../shared/data/osm");
/** The demo city takes some 20 s of processor time, which a busy machine gives slowly. */
const SLOW_MS = 400_000;
const folder = mkdtempSync(join(tmpdir(), "tiffin-cities-"));
afterAll(() => rmSync(folder, { recursive: true }));

function ridden({ streets }: City, vehicle: (typeof VEHICLES)[number]): number {
  return [...streets.from.keys()].filter(
    (segment) => mayRide(streets, segment, vehicle, true) || mayRide(streets, segment, vehicle, false),
  ).length;
}

const areasOf = (city: City, kind: (typeof AREA_KINDS)[number]): number =>
  city.areas.kind.filter((each) => each === AREA_KINDS.indexOf(kind)).length;

test.skipIf(!existsSync(EXTRACTS))(
  "[CTY3, CTY8] two real extracts become cities (skipped without ../shared/data/osm)",
  async () => {
    const made = async (file: string): Promise<City> => {
      const out = join(folder, `${file}.city.gz`);
      await importCity({ inputs: [join(EXTRACTS, file)], name: file, out }, { during: () => {}, done: () => {} });
      return readCityFile(out);
    };
    const [monaco, andorra] = [await made("monaco.osm.gz"), await made("andorra.osm.pbf")];
    expect(monaco.streets.from.length).toBeGreaterThan(1_500);
    expect(monaco.places.map((place) => place.name)).toContain("A Roca");
    expect(areasOf(monaco, "sea")).toBeGreaterThan(0);
    expect(andorra.streets.from.length).toBeGreaterThan(2_500);
    expect(andorra.labels.map((label) => label.name)).toContain("Andorra la Vella");
    expect(areasOf(andorra, "sea")).toBe(0);
    for (const city of [monaco, andorra]) {
      for (const vehicle of VEHICLES) expect(ridden(city, vehicle) / city.streets.from.length).toBeGreaterThan(0.4);
    }
  },
  SLOW_MS,
);

let montevideo: City;
let file = "";
beforeAll(async () => {
  file = join(await ensureDemoCity(() => {}, join(folder, "demo")), "montevideo.city.gz");
  montevideo = readCityFile(file);
}, SLOW_MS);

test("[CTY10] the demo city is all of Montevideo", () => {
  const { streets, addresses, places, names, meta } = montevideo;
  expect(new Set(streets.name).size).toBeGreaterThan(4_200);
  // 13,585 street pieces, cut at 21,778 crossings.
  expect(streets.from.length).toBeGreaterThan(30_000);
  // Of 205,657 doors with a street, 66,753 have several numbers.
  expect(addresses.street.length).toBeGreaterThan(300_000);
  expect(places.filter((place) => place.food).length).toBeGreaterThan(596);
  expect(places.filter((place) => place.food && place.cuisines.length > 0).length).toBeGreaterThan(150);
  expect(areasOf(montevideo, "building")).toBeGreaterThan(4_400);
  expect(areasOf(montevideo, "sea")).toBe(1);
  for (const vehicle of ["car", "motorbike", "bicycle"] as const) {
    expect(ridden(montevideo, vehicle) / streets.from.length).toBeGreaterThan(0.85);
  }
  expect([...names]).toContain("Avenida 18 de Julio");
  expect(covers(meta, { lat: -34.9058, lng: -56.1913 })).toBe(true);
  expect(Object.keys(montevideo.hierarchies)).toEqual([...VEHICLES]);
});

test("[CTY6] addresses of the demo city are ordered by street, then number", () => {
  const { street, number } = montevideo.addresses;
  const leading = (row: number): number => {
    const found = Number.parseInt(montevideo.names[number[row] ?? 0] ?? "", 10);
    return Number.isNaN(found) ? Infinity : found;
  };
  let unordered = 0;
  for (let row = 1; row < street.length; row++) {
    const [before, now] = [street[row - 1] ?? 0, street[row] ?? 0];
    if (before > now || (before === now && leading(row - 1) > leading(row))) unordered += 1;
  }
  expect(unordered).toBe(0);
});

test("[CTY10] the demo city is not made again while nothing changed", async () => {
  const before = statSync(file).mtimeMs;
  const said: string[] = [];
  await ensureDemoCity((sentence) => said.push(sentence), join(folder, "demo"));
  expect(said).toEqual([]);
  expect(statSync(file).mtimeMs).toBe(before);
  expect(readdirSync(join(folder, "demo")).toSorted()).toEqual([".montevideo-made-by", "montevideo.city.gz"]);
});
