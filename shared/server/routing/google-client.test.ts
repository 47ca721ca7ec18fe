import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

import { Registry } from "prom-client";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";

import { GOOGLE_TRAFFIC } from "#shared/contracts/google-routes.ts";
import { VEHICLES } from "#shared/domain/city/city.ts";
import { routerBy } from "#shared/domain/router/router.ts";

import { makeLog } from "../log.ts";
import { makeGoogleClient } from "./google-client.ts";
import { routerFrom, type RouterSettings } from "./routers.ts";

const point = z.object({ lat: z.number(), lng: z.number() });
const questionShape = z.object({
  method: z.string(),
  path: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.unknown(),
});
const answer = z.object({ status: z.int(), body: z.unknown() });
/** Written down from the published interface; the live service was not asked. */
const contract = z
  .array(
    z.object({
      name: z.string(),
      asked: z.object({
        vehicle: z.enum(VEHICLES),
        traffic: z.enum(GOOGLE_TRAFFIC),
        sources: z.array(point),
        destinations: z.array(point),
      }),
      request: questionShape,
      response: answer,
      table: z.unknown().optional(),
      refused: z.string().optional(),
    }),
  )
  .parse(JSON.parse(readFileSync(new URL("google-routes.contract.json", import.meta.url), "utf8")));

const KEY = "a-key-of-the-test";
const MODES = { car: "DRIVE", motorbike: "TWO_WHEELER", bicycle: "BICYCLE", foot: "WALK" } as const;

type Question = z.output<typeof questionShape>;
type Answer = z.output<typeof answer> & { readonly location?: string };

/** A service on a free port of this machine. */
async function service(answerTo: (asked: Question) => Answer): Promise<string> {
  const server = createServer((request, response) => {
    void json(request).then((body) => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      const said = answerTo({ method: request.method ?? "", path: request.url ?? "", headers, body });
      response.writeHead(said.status, {
        "content-type": "application/json",
        ...(said.location !== undefined && { location: said.location }),
      });
      response.end(typeof said.body === "string" ? said.body : JSON.stringify(said.body));
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => void server.close());
  // Cast: a server that listens on a port has its address.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function clientOf(url: string, traffic: (typeof GOOGLE_TRAFFIC)[number] = "TRAFFIC_UNAWARE", timeoutMs = 5_000) {
  return makeGoogleClient({ url, key: KEY, modeOf: MODES, traffic, timeoutMs });
}

test.each(contract)("[RTR24] by the contract: $name", async ({ asked, request, response, table, refused }) => {
  const heard: Question[] = [];
  const url = await service((question) => {
    heard.push(question);
    return response;
  });
  const told = clientOf(url, asked.traffic).table(asked.vehicle, asked.sources, asked.destinations);
  if (refused === undefined) expect(await told).toEqual(table);
  else await expect(told).rejects.toThrow(refused);
  expect(heard).toMatchObject([request]);
  // What `toMatchObject` lets through besides: a body has these fields and no other.
  expect(heard[0]?.body).toEqual(request.body);
});

test("[RTR24] no other address is given the key, and a late answer is not waited for", async () => {
  const heard: Question[] = [];
  const other = await service((question) => {
    heard.push(question);
    return { status: 200, body: [] };
  });
  const moved = await service(({ path }) => ({ status: 307, body: "", location: `${other}${path}` }));
  const [from, to] = [[{ lat: 0, lng: 0 }], [{ lat: 0, lng: 0.01 }]];
  await expect(clientOf(moved).table("car", from, to)).rejects.toThrow("fetch failed");
  expect(heard).toEqual([]);
  const silent = createServer(() => undefined);
  await new Promise<void>((listening) => silent.listen(0, "127.0.0.1", listening));
  onTestFinished(() => silent.closeAllConnections());
  onTestFinished(() => void silent.close());
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  await expect(clientOf(url, "TRAFFIC_UNAWARE", 20).table("car", from, to)).rejects.toThrow("timeout");
});

const settings: RouterSettings = {
  ROUTER: "google",
  ROUTER_SPEED_MPS: 5,
  ROUTER_DETOUR: 1.3,
  ROUTER_ORIGIN_LAT: 0,
  ROUTER_ORIGIN_LNG: 0,
  GOOGLE_ROUTES_KEY: KEY,
  PICKUP_SERVICE_S: 0,
  DROPOFF_SERVICE_S: 0,
};
const matrixAsked = z.object({
  origins: z.array(z.unknown()),
  destinations: z.array(z.unknown()),
  travelMode: z.string(),
});
const line = Array.from({ length: 30 }, (_, index) => ({ lat: -34.9, lng: -56.18 + index / 1000 }));

test.each([
  ["TRAFFIC_UNAWARE", 625, 4],
  ["TRAFFIC_AWARE_OPTIMAL", 100, 9],
] as const)("[RTR24] of 30 × 30 ways with %s, no question is of more than %i", async (traffic, most, questions) => {
  const asked: number[] = [];
  const modes = new Set<string>();
  const url = await service(({ body }) => {
    const { origins, destinations, travelMode } = matrixAsked.parse(body);
    asked.push(origins.length * destinations.length);
    modes.add(travelMode);
    const cells = origins.flatMap((_, originIndex) =>
      destinations.map((__, destinationIndex) => ({ originIndex, destinationIndex })),
    );
    const way = { condition: "ROUTE_EXISTS", distanceMeters: 70, duration: "7s" };
    return { status: 200, body: cells.map((cell) => ({ ...cell, ...way })) };
  });
  const told = { ...settings, GOOGLE_ROUTES_URL: `${url}/`, GOOGLE_ROUTES_TRAFFIC: traffic };
  const deps = { cityRouterAt: () => undefined, log: makeLog("hub", "warn"), metrics: new Registry() };
  const router = routerFrom({ ...told, GOOGLE_ROUTES_MODES: "motorbike=DRIVE" }, deps)({ lat: 0, lng: 0 });
  await router.ask?.(line, line);
  expect(asked).toHaveLength(questions);
  expect(Math.max(...asked)).toBeLessThanOrEqual(most);
  expect(asked.reduce((sum, each) => sum + each, 0)).toBe(900);
  expect(router.leg({ lat: -34.9, lng: -56.18 }, { lat: -34.9, lng: -56.175 })).toEqual({
    durationS: 7,
    distanceM: 70,
  });
  await routerBy(router, "foot").ask?.(line.slice(0, 1), line.slice(1, 2));
  expect([...modes]).toEqual(["DRIVE", "WALK"]);
});

test("[RTR17] [RTR24] refused, great circles stand in; it is counted and said, without the key", async () => {
  const url = await service(() => ({ status: 403, body: { error: { code: 403, status: "PERMISSION_DENIED" } } }));
  const lines: string[] = [];
  const metrics = new Registry();
  const log = makeLog("hub", "warn", { write: (text) => void lines.push(text) });
  const told = { ...settings, GOOGLE_ROUTES_URL: url };
  const router = routerFrom(told, { cityRouterAt: () => undefined, log, metrics })({ lat: 0, lng: 0 });
  await router.ask?.([{ lat: 0, lng: 0 }], [{ lat: 0, lng: 0.001 }]);
  expect(router.leg({ lat: 0, lng: 0 }, { lat: 0, lng: 0.001 }).durationS).toBeCloseTo((111.2 * 1.3) / 5, 0);
  expect(await metrics.metrics()).toMatch(/router_questions_failed_total 1/);
  log.warn({ settings: told }, "the settings");
  expect(lines.join("")).toContain("PERMISSION_DENIED");
  expect(lines.join("")).not.toContain(KEY);
});
