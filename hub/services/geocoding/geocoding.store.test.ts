import { afterAll, describe, expect, test } from "vitest";

import { E7, type City } from "#shared/domain/city/city.ts";
import { distanceM } from "#shared/domain/geo/distance.ts";
import { loadGazetteer } from "#shared/server/geocoding/load-gazetteer.ts";
import { gridCity } from "#shared/testing/grid-city.ts";
import { expectIndexed } from "#shared/testing/plans.ts";
import { testServices } from "#shared/testing/services.ts";

import { startTestHub } from "../../testing/hub-of-test.ts";
import { marketWith } from "../../testing/market-of-test.ts";

const { databaseUrl } = await testServices();
const hub = await startTestHub(databaseUrl);
const { marketId } = await marketWith(hub, "mvd");
const silent = () => {};
const grid = gridCity({ size: 12 });

/** The grid with names of the kind that streets have; the doors stay. */
const NAMES: Readonly<Record<string, string>> = {
  "Calle 2": "Avenida 18 de Julio",
  "Calle 3": "Colonia",
  "Calle 4": "Bulevar General Artigas",
  "Calle 5": "Doctor Luis Alberto de Herrera",
  "Calle 6": "José Batlle y Ordóñez",
  "Calle 7": "Avenida 8 de Octubre",
  "Avenida 3": "Ejido",
  "Avenida 4": "Ibicuy",
  // So that "8" stands in no more names than the other numbers of streets do.
  "Avenida 8": "Rivera",
};
const city: City = { ...grid, names: grid.names.map((name) => NAMES[name] ?? name) };
await loadGazetteer(databaseUrl, marketId, city, silent);

afterAll(() => hub.close());

async function search(text: string, more: object = {}) {
  return (await hub.call("places.search", { marketId, text, ...more })).places;
}

async function first(text: string) {
  const [best] = await search(text);
  return best && { label: best.label, exact: best.exact, kind: best.kind };
}

function nodePoint(east: number, north: number) {
  const node = north * 12 + east;
  return { lat: (grid.streets.nodeLatE7[node] ?? 0) / E7, lng: (grid.streets.nodeLngE7[node] ?? 0) / E7 };
}

describe("search", () => {
  test.each([
    ["[GEO4] as written", "Avenida 18 de Julio 1250", "Avenida 18 de Julio 1250"],
    ["[GEO4] number first", "1250 18 de julio", "Avenida 18 de Julio 1250"],
    ["[GEO4] a number in the name", "8 de octubre 1350", "Avenida 8 de Octubre 1350"],
    ["[GEO4] only the name", "8 de octubre", "Avenida 8 de Octubre"],
    ["[GEO1] accents and capitals", "JOSE BATLLE Y ORDONEZ 1300", "José Batlle y Ordóñez 1300"],
    ["[GEO2] abbreviations", "bvar. gral. artigas 1100", "Bulevar General Artigas 1100"],
    ["[GEO2] an initial", "Dr. Luis A. de Herrera 1100", "Doctor Luis Alberto de Herrera 1100"],
    ["[GEO2] any order", "herrera luis alberto 1100", "Doctor Luis Alberto de Herrera 1100"],
    ["[GEO3] not to its end", "colon", "Colonia"],
    ["[GEO3] a letter left out", "colnia 1250", "Colonia 1250"],
    ["[GEO3] two letters swapped", "jluio 18 1250", "Avenida 18 de Julio 1250"],
    ["[GEO3] two errors in a long word", "luis albertto de herera 1100", "Doctor Luis Alberto de Herrera 1100"],
    ["[GEO3] begun, with an error", "av octubr", "Avenida 8 de Octubre"],
    ["[GEO5] a corner", "Ejido y Colonia", "Ejido y Colonia"],
    ["[GEO5] a corner, otherwise said", "18 de julio esq. ejido", "Avenida 18 de Julio y Ejido"],
    ["[GEO5] a corner of a name with y", "Batlle y Ordoñez e Ibicuy", "José Batlle y Ordóñez e Ibicuy"],
    ["[GEO6] a place", "pizzeria medio", "Pizzería del Medio"],
    ["[GEO6] a park", "parque del medio", "Parque del Medio"],
    ["[GEO6] a quarter", "medio", "Medio"],
  ])("%s: %s", async (_, text, label) => {
    expect(await first(text)).toMatchObject({ label, exact: true });
  });

  test("[GEO4] an address is its door's place, with the quarter, and the distance from the point that was given", async () => {
    const at = nodePoint(0, 3);
    const [found] = await search("colonia 1250", at);
    const door = {
      lat: at.lat + 8 / 111_195,
      lng: nodePoint(2, 3).lng + (nodePoint(3, 3).lng - nodePoint(2, 3).lng) * 0.7,
    };
    expect(found).toMatchObject({ kind: "address", line: "Colonia 1250", quarter: "Medio" });
    expect(distanceM(found?.point ?? at, door)).toBeLessThan(1);
    expect(found?.distanceM).toBe(Math.round(distanceM(at, door)));
    const [place] = await search("pizzeria del medio");
    expect(place).toMatchObject({ kind: "place", line: "Pizzería del Medio, Calle 2 1150", distanceM: null });
  });

  test("[GEO4] a number that is not known lies between its neighbours, or at the last one, and is said not to be exact", async () => {
    const [low, high] = [(await search("colonia 1200"))[0]?.point, (await search("colonia 1250"))[0]?.point];
    const [between] = await search("colonia 1225");
    expect(between).toMatchObject({ kind: "address", label: "Colonia 1225", exact: false });
    expect(between?.point.lng).toBeCloseTo(((low?.lng ?? 0) + (high?.lng ?? 0)) / 2, 9);
    const [beyond] = await search("colonia 9000");
    expect(beyond).toMatchObject({ label: "Colonia 9000", exact: false });
    expect(beyond?.point).toEqual((await search("colonia 2050"))[0]?.point);
    const [bare] = await search("ejido 1234");
    expect(bare).toMatchObject({ kind: "street", label: "Ejido 1234", exact: false });
  });

  test("[GEO5] a corner is where both meet", async () => {
    const [corner] = await search("ejido y colonia");
    expect(corner?.kind).toBe("corner");
    expect(distanceM(corner?.point ?? nodePoint(0, 0), nodePoint(3, 3))).toBeLessThan(1);
    expect((await search("ejido y ibicuy")).filter(({ kind }) => kind === "corner")).toEqual([]);
  });

  test("[GEO7] exact before begun before mistyped; of those alike the nearer", async () => {
    // A wrong kind of street still has the number in its name; "1" is not the beginning of "10".
    expect((await search("calle 1")).map(({ label }) => label)).toEqual(["Calle 1", "Avenida 1"]);
    const near = async (north: number) => (await search("calle", { ...nodePoint(0, north), limit: 1 }))[0]?.label;
    expect([await near(0), await near(11)]).toEqual(["Calle 0", "Calle 11"]);
  });

  test.each(["", "a", "  ", "..", "qqqqqq xyzzy", "0", "' or 1=1 --", '{"a"}\\'])(
    "[GEO8] nothing is found, and nothing breaks, for: %j",
    async (text) => {
      expect(await search(text)).toEqual([]);
    },
  );
});

describe("reverse", () => {
  test("[GEO9] the nearest door within 100 m", async () => {
    const door = (await search("colonia 1250"))[0]?.point ?? nodePoint(0, 0);
    const at = { lat: door.lat + 20 / 111_195, lng: door.lng };
    const { place } = await hub.call("places.reverse", { marketId, ...at });
    expect(place).toMatchObject({ kind: "address", line: "Colonia 1250", distanceM: 20, quarter: "Medio" });
  });

  test("[GEO9] else the nearest street or place, else nothing", async () => {
    const south = nodePoint(5, 0);
    const onStreet = { lat: south.lat - 150 / 111_195, lng: south.lng };
    const { place } = await hub.call("places.reverse", { marketId, ...onStreet });
    expect(place).toMatchObject({ kind: "street", line: "Calle 0", distanceM: 150 });
    expect(place?.point.lat).toBeCloseTo(south.lat, 6);
    const far = await hub.call("places.reverse", { marketId, lat: -34, lng: -56 });
    expect(far).toMatchObject({ place: null, attribution: "© OpenStreetMap contributors" });
  });

  test.each([
    ["on the equator and the date line", { lat: 0, lng: 179.995 }],
    ["far in the north", { lat: 69.65, lng: 18.95 }],
  ])("[GEO9] every door is found from 95 m away in any direction: %s", async (name, southWest) => {
    const there = (await marketWith(hub, name.includes("north") ? "north" : "line")).marketId;
    const small = gridCity({ size: 3, southWest });
    // One door alone, so that no other is nearer.
    const { addresses } = small;
    const one = { street: addresses.street.slice(0, 1), number: addresses.number.slice(0, 1) };
    const alone = { ...one, latE7: addresses.latE7.slice(0, 1), lngE7: addresses.lngE7.slice(0, 1) };
    await loadGazetteer(databaseUrl, there, { ...small, addresses: alone }, silent);
    const door = { lat: (alone.latE7[0] ?? 0) / E7, lng: (alone.lngE7[0] ?? 0) / E7 };
    for (let turn = 0; turn < 8; turn++) {
      const [north, east] = [Math.cos((turn * Math.PI) / 4), Math.sin((turn * Math.PI) / 4)];
      const at = (m: number) => ({
        lat: door.lat + (north * m) / 111_195,
        lng: door.lng + (east * m) / 111_195 / Math.cos((door.lat * Math.PI) / 180),
      });
      const kindAt = async (m: number) => (await hub.call("places.reverse", { marketId: there, ...at(m) })).place?.kind;
      expect([await kindAt(95), await kindAt(105)]).toEqual(["address", "street"]);
    }
  });
});

describe("loading", () => {
  test("[GEO10] the same city again changes nothing; another one takes its place, and its rows go", async () => {
    expect(await loadGazetteer(databaseUrl, marketId, city, silent)).toBe(false);
    const { marketId: other } = await marketWith(hub, "other");
    expect(await hub.call("places.search", { marketId: other, text: "calle" })).toEqual({
      attribution: null,
      places: [],
    });
    expect(await loadGazetteer(databaseUrl, other, gridCity({ size: 6 }), silent)).toBe(true);
    expect((await hub.call("places.search", { marketId: other, text: "Avenida 5" })).places[0]?.label).toBe(
      "Avenida 5",
    );
    expect(await loadGazetteer(databaseUrl, other, gridCity({ size: 4 }), silent)).toBe(true);
    const labels = (await hub.call("places.search", { marketId: other, text: "Avenida 5" })).places;
    expect(labels.map(({ label }) => label)).not.toContain("Avenida 5");
    const [count] = await hub.db.sql`select count(*)::int as doors from gazetteer_doors where market_id = ${other}`;
    expect(count?.["doors"]).toBe(4 * 3 * 2);
    expect((await search("colonia 1250"))[0]?.exact).toBe(true);
  });

  test("[GEO10] two who load at once make one gazetteer; a market that is none is refused", async () => {
    const { marketId: twice } = await marketWith(hub, "twice");
    const loads = [1, 2].map(() => loadGazetteer(databaseUrl, twice, gridCity({ size: 4 }), silent));
    expect((await Promise.all(loads)).filter(Boolean)).toHaveLength(1);
    await expect(loadGazetteer(databaseUrl, "nowhere", city, silent)).rejects.toThrow(/no market "nowhere"/u);
    expect(await hub.ask("places.search", { marketId: "nowhere", text: "calle" })).toMatchObject({ status: 404 });
    expect(await hub.ask("places.search", { marketId, text: "calle", lat: 1 })).toMatchObject({ status: 400 });
  });

  test("[GEO10] while another city is being loaded the old one answers", async () => {
    const { marketId: busy } = await marketWith(hub, "busy");
    await loadGazetteer(databaseUrl, busy, gridCity({ size: 4 }), silent);
    const loading = loadGazetteer(databaseUrl, busy, gridCity({ size: 30 }), silent);
    const state = { isOver: false };
    void loading.finally(() => (state.isOver = true));
    let asked = 0;
    while (!state.isOver) {
      const { places } = await hub.call("places.search", { marketId: busy, text: "Calle 1 1050" });
      expect(places[0]).toMatchObject({ label: "Calle 1 1050", exact: true });
      asked += 1;
    }
    expect(await loading).toBe(true);
    expect(asked).toBeGreaterThan(1);
  });
});

test("[GEO11] every statement that was sent finds its rows by an index", async () => {
  await expectIndexed(hub.db, hub.statements);
});
