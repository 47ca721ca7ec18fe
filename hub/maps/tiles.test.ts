import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";

import { VectorTile } from "@mapbox/vector-tile";
import rateLimit from "@fastify/rate-limit";
import fastify from "fastify";
import { PbfReader } from "pbf";
import { expect, test } from "vitest";

import { Refusal } from "#shared/contracts/errors.ts";
import { MAP_LAYERS, MAP_VERSION, MAP_ZOOM } from "#shared/contracts/map.ts";
import { gridCity } from "#shared/testing/grid-city.ts";

import { indexCity } from "./city-index.ts";
import { makeTile } from "./make-tile.ts";
import { makeByteCache } from "../byte-cache.ts";
import { tileRoute } from "./tile-route.ts";
import { makeTiles, mapOf } from "./tiles.ts";
import { tileAt } from "./web-mercator.ts";

const city = gridCity();
const index = indexCity(city);
/** In the middle of the park. */
const PARK = { lat: -34.91 + 150 / 111_195, lng: -56.19 + 150 / (111_195 * Math.cos((34.91 * Math.PI) / 180)) };
const ZOOMS = Array.from({ length: MAP_ZOOM.max - MAP_ZOOM.min + 1 }, (_, at) => MAP_ZOOM.min + at);

function layersOf(bytes: Uint8Array | undefined) {
  const { layers } = new VectorTile(new PbfReader(bytes ?? new Uint8Array()));
  return Object.fromEntries(
    Object.entries(layers).map(([name, layer]) => [
      name,
      Array.from({ length: layer.length }, (_, at) => layer.feature(at)),
    ]),
  );
}

const tileOf = (z: number) => layersOf(makeTile(index, tileAt(PARK, z)));

test("[MAP2] near by, a tile has everything: park, sea, building, streets with names, places, doors", () => {
  const tile = tileOf(16);
  expect(tile["land"]?.map((each) => each.properties)).toEqual([{ kind: "park" }]);
  expect(tile["buildings"]).toHaveLength(1);
  expect(tile["labels"]?.map((each) => each.properties)).toContainEqual({ kind: "park", name: "Parque del Medio" });
  expect(tile["places"]?.map((each) => each.properties)).toEqual([{ kind: "cafe", name: "Café Uno", food: true }]);
  expect(tile["doors"]?.map((each) => each.properties["number"])).toContain("1150");
  const streets = tile["streets"]?.map((each) => each.properties) ?? [];
  expect(streets).toContainEqual({ class: "primary", name: "Avenida 1" });
  expect(streets).toContainEqual({ class: "primary", name: "Avenida 1", tunnel: true });
  expect(streets).toContainEqual({ class: "residential", name: "Calle 1", oneway: true });
  expect(tileOf(14)["water"]?.map((each) => each.properties)).toEqual([{ kind: "sea" }]);
});

test("[MAP2] a park lies where it is: its corners come back within a metre", () => {
  const place = tileAt(PARK, 16);
  const park = tileOf(16)["land"]?.[0]?.toGeoJSON(place.x, place.y, place.z).geometry;
  if (park?.type !== "Polygon") throw new Error("the park is no polygon");
  const lngs = park.coordinates[0]?.map(([lng = 0]) => lng) ?? [];
  const metres = 111_195 * Math.cos((34.91 * Math.PI) / 180);
  expect((Math.min(...lngs) - -56.19) * metres).toBeCloseTo(120, 0);
  expect((Math.max(...lngs) - -56.19) * metres).toBeCloseTo(180, 0);
});

test("[MAP2] from afar only what is large: main streets, then all, then buildings, then doors", () => {
  const first = (layer: string) => ZOOMS.find((z) => tileOf(z)[layer] !== undefined);
  expect({
    water: first("water"),
    streets: first("streets"),
    buildings: first("buildings"),
    doors: first("doors"),
  }).toEqual({ water: 9, streets: 9, buildings: 14, doors: 16 });
  expect(new Set(tileOf(11)["streets"]?.map((each) => each.properties["class"]))).toEqual(new Set(["primary"]));
});

test("[MAP2] a street is one line from end to end, where its looks do not change", () => {
  const streets = tileOf(14)["streets"] ?? [];
  const byName = (name: string) => streets.filter((each) => each.properties["name"] === name);
  expect(byName("Calle 2")).toHaveLength(1);
  expect(byName("Avenida 1")).toHaveLength(2);
  // Its direction is that of travel, to the east.
  const [line] = byName("Calle 1")[0]?.loadGeometry() ?? [];
  expect(line?.at(-1)?.x).toBeGreaterThan(line?.[0]?.x ?? Infinity);
});

test("[MAP2] layers and fields are those of the contract", () => {
  const seen = new Set(ZOOMS.flatMap((z) => Object.entries(tileOf(z)).map(([layer]) => layer)));
  expect([...seen].filter((layer) => !(layer in MAP_LAYERS))).toEqual([]);
  for (const z of ZOOMS) {
    for (const [layer, features] of Object.entries(tileOf(z))) {
      const fields: readonly string[] = MAP_LAYERS[layer as keyof typeof MAP_LAYERS]; // Cast: checked above.
      for (const { properties } of features) {
        expect(Object.keys(properties).filter((field) => !fields.includes(field))).toEqual([]);
      }
    }
  }
});

test("[MAP3] tiles of this version are what they always were: other tiles need another MAP_VERSION", () => {
  const all = createHash("sha256");
  for (const z of ZOOMS) all.update(makeTile(index, tileAt(PARK, z)) ?? "");
  expect([MAP_VERSION, all.digest("hex").slice(0, 16)]).toMatchInlineSnapshot(`
    [
      1,
      "a0503ae433cce9b2",
    ]
  `);
});

async function edge(options: Parameters<typeof makeTiles>[1] = {}) {
  const app = fastify();
  app.setErrorHandler((error, _request, reply) => {
    if (!(error instanceof Refusal)) throw error;
    return reply.status(error.code === "hub.overloaded" ? 503 : 404).send({ code: error.code });
  });
  tileRoute(app, makeTiles([city], options));
  await app.ready();
  const path = (z: number, at = PARK) => {
    const place = tileAt(at, z);
    return mapOf(city.meta)
      .tiles.replace("{z}", String(place.z))
      .replace("{x}", String(place.x))
      .replace("{y}", String(place.y));
  };
  return { app, path };
}

test("[MAP3] a tile may be kept for a year; who has it is told so; who reads no gzip gets it plain, under another tag", async () => {
  const { app, path } = await edge();
  const zipped = await app.inject({ url: path(14), headers: { "accept-encoding": "br, gzip" } });
  expect(zipped.headers).toMatchObject({
    "cache-control": "public, max-age=31536000, immutable",
    "content-type": "application/vnd.mapbox-vector-tile",
    "content-encoding": "gzip",
    vary: "accept-encoding",
  });
  const plain = await app.inject({ url: path(14), headers: { "accept-encoding": "gzip;q=0" } });
  expect(plain.headers["content-encoding"]).toBeUndefined();
  expect(plain.rawPayload).toEqual(gunzipSync(zipped.rawPayload));
  expect(layersOf(plain.rawPayload)["streets"]?.length).toBeGreaterThan(5);
  const tag = zipped.headers["etag"];
  expect(plain.headers["etag"]).not.toBe(tag);
  expect(tag).toMatch(/^"[\w-]+"$/u);
  const again = { "accept-encoding": "gzip", "if-none-match": `"other", W/${tag}` };
  const known = await app.inject({ url: path(14), headers: again });
  expect([known.statusCode, known.body, known.headers["etag"]]).toEqual([304, "", tag]);
  const other = await app.inject({ url: path(15), headers: again });
  expect(other.statusCode).toBe(200);
});

test("[MAP4] nothing drawn is 204; what is no tile of a city is 404", async () => {
  const { app, path } = await edge();
  const { northEast, southWest } = city.meta;
  const empty = await app.inject({ url: path(16, { lat: northEast.lat, lng: southWest.lng }) });
  expect([empty.statusCode, empty.body, empty.headers["cache-control"]]).toEqual([
    204,
    "",
    "public, max-age=31536000, immutable",
  ]);
  const good = path(14);
  const wrong = [
    good.replace(city.meta.id, "elsewhere"),
    good.replace(`/${MAP_VERSION}/14/`, `/${MAP_VERSION + 1}/14/`),
    path(8),
    path(17),
    path(14, { lat: -30, lng: -56.19 }),
    good.replace(".mvt", ".png"),
    good.replace(/\d+[.]mvt/u, "-1.mvt"),
    good.replace(/\d+[.]mvt/u, "1e3.mvt"),
  ];
  for (const url of wrong)
    expect({ url, status: (await app.inject({ url })).statusCode }).toEqual({ url, status: 404 });
});

test("[MAP5] a tile asked for by many is made once; when too many wait, some are sent away", async () => {
  const tiles = makeTiles([city], { waiting: 2 });
  const place = (z: number) => tileAt(PARK, z);
  const many = await Promise.all(Array.from({ length: 50 }, () => tiles.tile(city.meta.id, place(15))));
  expect(new Set(many).size).toBe(1);
  const asked = [10, 11, 12].map((z) => tiles.tile(city.meta.id, place(z)));
  await expect(asked[2]).rejects.toMatchObject({ code: "hub.overloaded" });
  await Promise.all(asked.slice(0, 2));
  // It was only full: later it is made.
  expect((await tiles.tile(city.meta.id, place(12))).body).toBeDefined();
});

test("[MAP5] what is kept weighs no more than set, and what was used last stays", () => {
  const cache = makeByteCache<{ readonly sizeBytes: number }>(100);
  const weighing = (sizeBytes: number) => ({ sizeBytes });
  cache.put("a", weighing(40));
  cache.put("b", weighing(40));
  cache.get("a");
  cache.put("c", weighing(40));
  expect(["a", "b", "c"].filter((key) => cache.get(key))).toEqual(["a", "c"]);
  cache.put("huge", weighing(101));
  expect(cache.get("huge")).toBeUndefined();
  cache.put("a", weighing(90));
  expect(cache.sizeBytes).toBe(90);
});

test("[MAP7] an address that asks for too many tiles is refused, another one and what is no tile are not", async () => {
  const app = fastify();
  await app.register(rateLimit, { max: 100 });
  tileRoute(app, makeTiles([city]), 2);
  app.get("/other", () => "");
  const { z, x, y } = tileAt(PARK, 14);
  const tile = (remoteAddress: string) =>
    app.inject({ url: `/v1/maps/${city.meta.id}/${MAP_VERSION}/${z}/${x}/${y}.mvt`, remoteAddress });
  const codes: number[] = [];
  for (const address of ["10.0.0.1", "10.0.0.1", "10.0.0.1", "10.0.0.2"]) {
    // oxlint-disable-next-line no-await-in-loop -- they are counted in order
    codes.push((await tile(address)).statusCode);
  }
  expect(codes).toEqual([200, 200, 429, 200]);
  expect((await app.inject({ url: "/other", remoteAddress: "10.0.0.1" })).statusCode).toBe(200);
  await app.close();
});
