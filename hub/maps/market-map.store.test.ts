import { afterAll, expect, test } from "vitest";

import { covers } from "#shared/domain/city/city.ts";
import { gridCity } from "#shared/testing/grid-city.ts";
import { testServices } from "#shared/testing/services.ts";

import { startTestHub } from "../testing/hub-of-test.ts";
import { marketWith } from "../testing/market-of-test.ts";

const { databaseUrl } = await testServices();
/** Around the markets of tests. */
const city = gridCity({ southWest: { lat: -34.902, lng: -56.172 } });
const here = await startTestHub(databaseUrl, {
  all: [city],
  at: (point) => (covers(city.meta, point) ? city : undefined),
});
const { marketId } = await marketWith(here, "mapped");
const without = await startTestHub(databaseUrl);

afterAll(async () => {
  await here.close();
  await without.close();
});

test("[MAP1] a market's map is its city's, with notice and licence; without a city there is none", async () => {
  expect((await here.call("market.map", { marketId })).map).toEqual({
    tiles: "/v1/maps/grid-city-6/1/{z}/{x}/{y}.mvt",
    minZoom: 9,
    maxZoom: 16,
    southWest: city.meta.southWest,
    northEast: city.meta.northEast,
    attribution: "© OpenStreetMap contributors",
    licence: "ODbL-1.0",
  });
  expect(await without.call("market.map", { marketId })).toEqual({ map: null });
  expect(await here.ask("market.map", { marketId: "nowhere" })).toMatchObject({ body: { code: "market.not-found" } });
});
