import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import { afterAll, expect, test } from "vitest";

import { AREA_KINDS, mayRide, STREET_CLASSES, type City } from "#shared/domain/city/city.ts";
import { readCityFile } from "#shared/server/city/cities.ts";

import { addressTable } from "./addresses.ts";
import { importCity } from "./import-city.ts";
import { NameTable } from "./name-table.ts";

const folder = mkdtempSync(join(tmpdir(), "tiffin-import-"));
afterAll(() => rmSync(folder, { recursive: true }));
const SILENT = { during: () => {}, done: () => {} };

/** A node for each crossing of a grid of hundredths of a degree: node "23" lies 2 to the north, 3 to the east. */
const NODES = Array.from({ length: 60 }, (_, id) => {
  const [north, east] = [Math.floor(id / 10), id % 10];
  return `<node id="${id}" lat="${(north / 100).toFixed(2)}" lon="${(east / 100).toFixed(2)}"/>`;
}).join("\n");
const tags = (pairs: Readonly<Record<string, string>>): string =>
  Object.entries(pairs)
    .map(([k, v]) => `<tag k="${k}" v="${v}"/>`)
    .join("");
const way = (id: number, refs: readonly number[], pairs: Readonly<Record<string, string>>): string =>
  `<way id="${id}">${refs.map((ref) => `<nd ref="${ref}"/>`).join("")}${tags(pairs)}</way>`;
const node = (id: number, lat: number, lon: number, pairs: Readonly<Record<string, string>>): string =>
  `<node id="${id}" lat="${lat}" lon="${lon}">${tags(pairs)}</node>`;
const STREET = way(1, [0, 1, 2], { highway: "residential", name: "Calle Ancha" });

async function imported(elements: string, name = "town.osm"): Promise<City> {
  const file = join(folder, name);
  const xml = `<?xml version="1.0"?>\n<osm version="0.6">\n${NODES}\n${elements}\n</osm>\n`;
  writeFileSync(file, name.endsWith(".gz") ? gzipSync(xml) : xml);
  const out = join(folder, `${name}.city.gz`);
  await importCity({ inputs: [file], name: "Town", out }, SILENT);
  return readCityFile(out);
}

const segmentsOf = ({ streets, names }: City): string[] =>
  [...streets.from].map((from, index) => {
    const at = (crossing: number): string =>
      `${Math.round((streets.nodeLatE7[crossing] ?? 0) / 1e5)}${Math.round((streets.nodeLngE7[crossing] ?? 0) / 1e5)}`;
    const inner = (streets.shapeStart[index + 1] ?? 0) - (streets.shapeStart[index] ?? 0);
    return `${names[streets.name[index] ?? 0]} ${at(from)}-${at(streets.to[index] ?? 0)}+${inner}`;
  });

test("[CTY3] streets are cut where they meet or end; other points are their shape", async () => {
  const city = await imported(
    STREET.replace("Calle Ancha", "A") + way(2, [11, 1, 21], { highway: "footway", name: "B" }),
    "crossing.osm.gz",
  );
  expect(segmentsOf(city)).toEqual(["A 00-01+0", "A 01-02+0", "B 11-01+0", "B 01-21+0"]);
  expect(city.streets.lengthDm[0]).toBeCloseTo(11_119.5, -1);
  expect(STREET_CLASSES[city.streets.streetClass[2] ?? 0]).toBe("footway");
});

test("[CTY3] a loop is cut in its middle, and a way over a node that no file holds is two", async () => {
  const loop = way(2, [0, 10, 11, 1, 0], { highway: "residential", name: "Loop" });
  const gap = way(3, [2, 3, 999, 4, 5], { highway: "residential", name: "Gap" });
  const city = await imported(way(1, [0, 20], { highway: "residential", name: "A" }) + loop + gap);
  expect(segmentsOf(city)).toEqual(["A 00-20+0", "Loop 00-11+1", "Loop 11-00+1", "Gap 02-03+0", "Gap 04-05+0"]);
});

test("[CTY3] nobody rides on an island or into a street of no return", async () => {
  const { streets, names } = await imported(
    STREET +
      way(2, [0, 10, 11, 1], { highway: "residential", name: "Round" }) +
      way(3, [2, 3], { highway: "residential", name: "No return", oneway: "yes" }) +
      way(4, [30, 31], { highway: "residential", name: "Island" }),
  );
  const riding = (name: string, vehicle: "car" | "foot"): boolean[] =>
    [...streets.name].flatMap((id, segment) => (names[id] === name ? [mayRide(streets, segment, vehicle, true)] : []));
  expect(riding("Calle Ancha", "car")).toEqual([true, true]);
  expect(riding("No return", "car")).toEqual([false]);
  expect(riding("No return", "foot")).toEqual([true]);
  expect(riding("Island", "foot")).toEqual([false]);
});

test("[CTY6] addresses of nodes and buildings, spelled as the street is, each door once", async () => {
  const at = (street: string, number: string) => ({ "addr:street": street, "addr:housenumber": number });
  const city = await imported(
    STREET +
      node(101, 0.0001, 0.001, at("CALLE ANCHA", "12 bis")) +
      node(102, 0.0001, 0.001, at("Calle Ancha", "12 bis")) +
      node(103, 0.0001, 0.002, at("Calle Ancha", "9;11, 13")) +
      node(104, 0.0001, 0.005, at("Calle Ancha", "9")) +
      node(105, 0.0001, 0.003, at("Otra", "s/n")) +
      node(106, 0.0001, 0.003, { "addr:street": "Calle Ancha" }) +
      way(9, [40, 41, 51, 50, 40], { building: "yes", ...at("calle  ancha", "100") }),
  );
  const rows = [...city.addresses.street].map(
    (street, row) => `${city.names[street]} ${city.names[city.addresses.number[row] ?? 0]}`,
  );
  const ancha = ["9", "9", "11", "12 bis", "13", "100"].map((number) => `Calle Ancha ${number}`);
  expect(rows).toEqual([...ancha, "Otra s/n"]);
  expect([city.addresses.latE7[5], city.addresses.lngE7[5]]).toEqual([450_000, 50_000]);
});

test("[CTY6] a street is found by its name without accents, stops, capitals and apostrophes", async () => {
  const written = ["juan d peron", "JUAN D. PERON", "Juan D. Pero\u0301n", "Juan D Perón"];
  const doors = written.map((street, index) =>
    node(101 + index, 0.0001, 0.001 * index, { "addr:street": street, "addr:housenumber": String(index + 1) }),
  );
  const other = node(110, 0.0001, 0.001, { "addr:street": "O’Higgins", "addr:housenumber": "9" });
  const { addresses, names } = await imported(
    way(1, [0, 1, 2, 3], { highway: "residential", name: "Juan D. Perón" }) +
      way(2, [10, 11, 12, 13], { highway: "residential", name: "OHiggins" }) +
      doors.join("") +
      other,
  );
  const rows = [...addresses.street].map((street, row) => `${names[street]} ${names[addresses.number[row] ?? 0]}`);
  expect(rows.toSorted()).toEqual([
    "Juan D. Perón 1",
    "Juan D. Perón 2",
    "Juan D. Perón 3",
    "Juan D. Perón 4",
    "OHiggins 9",
  ]);
});

test("[CTY6] thousands of doors of one street and number are told apart", () => {
  const doors = 12_000;
  const located = Array.from({ length: 2 * doors }, (_, index) => ({
    tags: { "addr:street": "Calle", "addr:housenumber": "1" },
    latE7: 4_000 * (index % doors),
    lngE7: 0,
  }));
  const { table, found } = addressTable(located, ["Calle"], new NameTable());
  expect([found, table.street.length]).toEqual([2 * doors, doors]);
});

test("[CTY7] places keep what is known of them, and quarters their names", async () => {
  const city = await imported(
    STREET +
      node(101, 0.001, 0.001, {
        amenity: "restaurant",
        name: "La Olla",
        cuisine: "pizza; Steak house,pizza",
        opening_hours: "Mo-Su 12:00-23:00",
        "addr:street": "Calle Ancha",
        "addr:housenumber": "7",
      }) +
      node(102, 0.001, 0.001, { amenity: "cafe" }) +
      node(103, 0.001, 0.001, { place: "suburb", name: "Centro" }) +
      way(9, [40, 41, 51, 50, 40], { amenity: "hospital", name: "Hospital", building: "yes" }),
  );
  expect(city.places).toEqual([
    {
      name: "La Olla",
      kind: "restaurant",
      food: true,
      cuisines: ["pizza", "steak_house"],
      openingHours: "Mo-Su 12:00-23:00",
      addressLine: "Calle Ancha 7",
      point: { lat: 0.001, lng: 0.001 },
    },
    {
      name: "Hospital",
      kind: "hospital",
      food: false,
      cuisines: [],
      openingHours: null,
      addressLine: null,
      point: { lat: 0.045, lng: 0.005 },
    },
  ]);
  expect(city.labels).toEqual([{ name: "Centro", kind: "suburb", point: { lat: 0.001, lng: 0.001 } }]);
});

test("[CTY8] areas of closed ways and multipolygons, the sea beside a coast, drawn from the ground up", async () => {
  const relation = (members: string, pairs: Readonly<Record<string, string>>): string =>
    `<relation id="${members.length}">${members}${tags({ type: "multipolygon", ...pairs })}</relation>`;
  const city = await imported(
    `<bounds minlat="-0.1" minlon="0" maxlat="0.1" maxlon="0.09"/>` +
      way(1, [20, 21, 22], { highway: "residential" }) +
      way(2, [10, 15, 19], { natural: "coastline" }) +
      way(3, [30, 31, 41, 40, 30], { building: "yes", amenity: "school" }) +
      way(4, [50, 54], {}) +
      way(5, [50, 20, 24, 54], {}) +
      way(6, [41, 42, 32, 31, 41], {}) +
      relation(
        `<member type="way" ref="4" role="outer"/><member type="way" ref="5" role="outer"/><member type="way" ref="6" role="inner"/>`,
        { leisure: "park", name: "Parque" },
      ) +
      relation(`<member type="way" ref="4" role="outer"/>`, { natural: "water" }),
  );
  const { areas } = city;
  const kinds = [...areas.kind].map((kind, index) => {
    const rings = (areas.firstRing[index + 1] ?? 0) - (areas.firstRing[index] ?? 0);
    return `${AREA_KINDS[kind]} ${city.names[areas.name[index] ?? 0]} ${rings}`;
  });
  expect(kinds).toEqual(["sea  1", "park Parque 2", "building  1"]);
  // Left of the coast at 0.01 degrees north is land; the sea reaches down to the frame.
  const sea = [...areas.latE7.subarray(0, areas.ringStart[1])];
  expect([Math.min(...sea), Math.max(...sea)]).toEqual([-1_000_000, 100_000]);
});

test("[CTY9] the same input makes the same bytes, with the notice in them, and other input another id", async () => {
  const first = await imported(STREET, "same.osm");
  const bytes = readFileSync(join(folder, "same.osm.city.gz"));
  expect(await imported(STREET, "same.osm")).toEqual(first);
  expect(readFileSync(join(folder, "same.osm.city.gz")).equals(bytes)).toBe(true);
  expect(first.meta).toMatchObject({
    name: "Town",
    source: "same.osm",
    attribution: "© OpenStreetMap contributors",
    licence: "ODbL-1.0",
  });
  expect(Object.keys(first.hierarchies)).toEqual(["car", "motorbike", "bicycle", "foot"]);
  const other = await imported(STREET.replace("Ancha", "Angosta"), "same.osm");
  expect(other.meta.id).not.toBe(first.meta.id);
});

const LINE_AFTER_NODES = 3 + 60;
test.each<[string, string, string]>([
  [
    "a node without a place",
    `<node id="99" lat="1"/>`,
    `broken.osm:${LINE_AFTER_NODES}: a <node> needs a number in "lon"`,
  ],
  ["a node off the globe", `<node id="99" lat="91" lon="0"/>`, `broken.osm:${LINE_AFTER_NODES}: node 99 has no usable`],
  [
    "a way to nowhere",
    `\n<way id="1"><nd ref="x"/></way>`,
    `broken.osm:${LINE_AFTER_NODES + 1}: a <nd> needs a number`,
  ],
  [
    "a tag without value",
    `<way id="1"><tag k="highway"/></way>`,
    `broken.osm:${LINE_AFTER_NODES}: the <tag> "highway"`,
  ],
  ["XML that is none", `<way id="1">\n</wax>`, `broken.osm:${LINE_AFTER_NODES + 1}: unexpected close tag`],
  ["no streets", "", "broken.osm holds no streets"],
  [
    "a city on both sides of the 180th meridian",
    `${node(201, 0, 179.99, {})}${node(202, 0, -179.99, {})}${STREET}${way(9, [0, 201], { highway: "residential" })}${way(8, [202, 1], { highway: "residential" })}`,
    "broken.osm reaches across the 180th meridian",
  ],
])("[CTY4] %s is refused with its line, and nothing is written", async (_, elements, words) => {
  await expect(imported(elements, "broken.osm")).rejects.toThrow(words);
  expect(readdirSync(folder).filter((name) => name.startsWith("broken.osm."))).toEqual([]);
});

test.each<[string, string | Buffer, string]>([
  ["empty.osm", "", "is empty"],
  ["page.osm", "<html></html>", "page.osm:1: this is no OpenStreetMap file: it begins with <html>"],
  ["short.osm", `<osm>\n${STREET}`, "short.osm:2: unclosed tag: osm"],
  ["cut.osm.gz", gzipSync(`<osm>${NODES}</osm>`).subarray(0, 100), ": unexpected end of file"],
  ["notes.txt", "hello", "is of no kind that can be read"],
])("[CTY4] %s is refused in words", async (name, content, words) => {
  const file = join(folder, name);
  writeFileSync(file, content);
  await expect(importCity({ inputs: [file], name: "X", out: join(folder, "x.city.gz") }, SILENT)).rejects.toThrow(
    words,
  );
});
