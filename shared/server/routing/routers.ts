import { Counter, type Registry } from "prom-client";

import { GOOGLE_ELEMENTS, type GoogleTraffic, type GoogleTravelMode } from "#shared/contracts/google-routes.ts";
import { covers, type City, type Vehicle } from "#shared/domain/city/city.ts";
import { ETA_PRIORS, type EtaPriors } from "#shared/domain/eta/parts.ts";
import type { Point } from "#shared/domain/geo/point.ts";
import { coveredRouter } from "#shared/domain/router/covered-router.ts";
import { makeCityRouter, type CityRouter } from "#shared/domain/router/graph/city-router.ts";
import { haversineRouter } from "#shared/domain/router/haversine-router.ts";
import { planeProjection, planeRouter } from "#shared/domain/router/plane-router.ts";
import { rememberedRouter, type RemoteTable } from "#shared/domain/router/remembered-router.ts";
import type { Router } from "#shared/domain/router/router.ts";

import type { Cities } from "../city/cities.ts";
import type { Log } from "../log.ts";
import { makeGoogleClient } from "./google-client.ts";
import { makeOsrmClient } from "./osrm-client.ts";

export interface RouterSettings {
  /** Absent: the streets of the city that holds the market, else great circles. */
  readonly ROUTER?: "graph" | "osrm" | "google" | "haversine" | "plane" | undefined;
  readonly ROUTER_VEHICLE?: Vehicle | undefined;
  readonly ROUTER_SPEED_MPS: number;
  readonly ROUTER_DETOUR: number;
  readonly ROUTER_ORIGIN_LAT: number;
  readonly ROUTER_ORIGIN_LNG: number;
  readonly OSRM_URL?: string | undefined;
  readonly OSRM_TOKEN?: string | undefined;
  readonly OSRM_PROFILES?: string | undefined;
  readonly OSRM_TIMEOUT_MS?: number | undefined;
  readonly OSRM_TABLE_SIZE?: number | undefined;
  readonly GOOGLE_ROUTES_KEY?: string | undefined;
  readonly GOOGLE_ROUTES_URL?: string | undefined;
  readonly GOOGLE_ROUTES_MODES?: string | undefined;
  readonly GOOGLE_ROUTES_TRAFFIC?: GoogleTraffic | undefined;
  readonly GOOGLE_ROUTES_TIMEOUT_MS?: number | undefined;
  readonly GOOGLE_ROUTES_KEPT_MS?: number | undefined;
  readonly PICKUP_SERVICE_S: number;
  readonly DROPOFF_SERVICE_S: number;
}

export interface RouterDeps {
  readonly cityRouterAt: (point: Point) => CityRouter | undefined;
  readonly log: Pick<Log, "warn">;
  readonly metrics: Registry;
}

/** Ways that are kept of each vehicle in memory of a service: about 40 MB at most. */
const WAYS_KEPT = 100_000;
/** A service that does not answer, or that answers no more, is left alone for so long: a round comes as often. */
const REST_MS = 10_000;

/** Routers over the cities' streets, made when first asked for; hubs also answer OSRM's questions from them. */
export function makeCityRouters(cities: Cities): (point: Point) => CityRouter | undefined {
  const made = new Map<City, CityRouter>();
  return (point) => {
    const city = cities.at(point);
    if (!city) return undefined;
    const router = made.get(city) ?? makeCityRouter(city);
    made.set(city, router);
    return router;
  };
}

/**
 * The router that the settings name; hubs and workers are given the same ones. A router that is missing or does not answer is
 * stood in for by great circles: the platform goes on. [RTR15, RTR17]
 */
export function routerFrom(
  settings: RouterSettings,
  { log, metrics, cityRouterAt }: RouterDeps,
): (marketCenter: Point) => Router {
  const usual = settings.ROUTER_VEHICLE ?? "motorbike";
  const circles = haversineRouter({ speedMps: settings.ROUTER_SPEED_MPS, detour: settings.ROUTER_DETOUR });
  if (settings.ROUTER === "haversine") return () => circles;
  if (settings.ROUTER === "plane") {
    const plane = planeFrom(settings);
    return () => plane;
  }
  const service = serviceFrom(settings);
  if (service) {
    const remote = remoteFrom(service, { log, metrics }, circles, usual);
    return () => remote;
  }
  const outside = once(() => log.warn({}, "ways that no city holds are reckoned as great circles"));
  return (center) => {
    const streets = cityRouterAt(center);
    if (!streets) {
      if (settings.ROUTER === "graph") outside();
      return circles;
    }
    const ground = { covers: (point: Point) => covers(streets.city.meta, point), by: streets.by };
    return coveredRouter(ground, circles, usual, outside);
  };
}

function planeFrom(settings: RouterSettings): Router {
  const projection = planeProjection({ lat: settings.ROUTER_ORIGIN_LAT, lng: settings.ROUTER_ORIGIN_LNG });
  // The plane's minutes are whole, so its speed is told a minute; rounding undoes the division by 60 in the setting.
  const metersPerMinute = Math.round(settings.ROUTER_SPEED_MPS * 60 * 1000) / 1000;
  return planeRouter({ metersPerMinute, projection });
}

/** A service that answers tables, and how it is asked. */
interface Service {
  readonly name: string;
  readonly client: RemoteTable;
  /** Sources, and destinations, of one question. */
  readonly atOnce: number;
  /** How long a way of it is used. */
  readonly believedMs: number;
}

function serviceFrom(settings: RouterSettings): Service | undefined {
  if (settings.ROUTER === "osrm") return osrmFrom(settings);
  return settings.ROUTER === "google" ? googleFrom(settings) : undefined;
}

function osrmFrom(settings: RouterSettings): Service {
  const client = makeOsrmClient({
    url: (settings.OSRM_URL ?? "").replace(/\/+$/u, ""),
    profileOf: profilesFrom(settings.OSRM_PROFILES ?? ""),
    timeoutMs: settings.OSRM_TIMEOUT_MS ?? 2_000,
    token: settings.OSRM_TOKEN,
  });
  return { name: "the OSRM service", client, atOnce: settings.OSRM_TABLE_SIZE ?? 100, believedMs: Infinity };
}

function googleFrom(settings: RouterSettings): Service {
  const traffic = settings.GOOGLE_ROUTES_TRAFFIC ?? "TRAFFIC_UNAWARE";
  const client = makeGoogleClient({
    url: (settings.GOOGLE_ROUTES_URL ?? "https://routes.googleapis.com").replace(/\/+$/u, ""),
    key: settings.GOOGLE_ROUTES_KEY ?? "",
    modeOf: modesFrom(settings.GOOGLE_ROUTES_MODES ?? ""),
    traffic,
    timeoutMs: settings.GOOGLE_ROUTES_TIMEOUT_MS ?? 2_000,
  });
  const atOnce = Math.floor(Math.sqrt(GOOGLE_ELEMENTS[traffic]));
  return { name: "the Google Routes API", client, atOnce, believedMs: settings.GOOGLE_ROUTES_KEPT_MS ?? 600_000 };
}

function remoteFrom(
  { name, client, atOnce, believedMs }: Service,
  { log, metrics }: Pick<RouterDeps, "log" | "metrics">,
  meanwhile: Router,
  usual: Vehicle,
): Router {
  const missing = new Counter({
    name: "router_ways_missing_total",
    help: `Ways that ${name} was not asked for in time or did not know, reckoned as great circles.`,
    registers: [metrics],
  });
  const failed = new Counter({
    name: "router_questions_failed_total",
    help: `Questions that ${name} did not answer.`,
    registers: [metrics],
  });
  return rememberedRouter(client, {
    usual,
    meanwhile,
    atOnce,
    questions: 4,
    kept: WAYS_KEPT,
    believedMs,
    restMs: REST_MS,
    nowMs: () => performance.now(),
    onMissing: () => missing.inc(),
    onFailure: (error) => {
      failed.inc();
      log.warn({ error }, `${name} does not answer; great circles stand in`);
    },
  });
}

/** `vehicle=profile` pairs; where one is missing, the name of OSRM's published profile, which has none for a motorbike. */
function profilesFrom(text: string): Readonly<Record<Vehicle, string>> {
  return { car: "driving", motorbike: "driving", bicycle: "cycling", foot: "walking", ...pairsOf(text) };
}

/** `vehicle=travelMode` pairs, as the settings' schema has let them through. */
function modesFrom(text: string): Readonly<Record<Vehicle, GoogleTravelMode>> {
  return { car: "DRIVE", motorbike: "TWO_WHEELER", bicycle: "BICYCLE", foot: "WALK", ...pairsOf(text) };
}

function pairsOf(text: string) {
  return Object.fromEntries(text.split(",").map((pair) => pair.split("=")));
}

function once(call: () => void): () => void {
  let called = false;
  return () => {
    if (!called) call();
    called = true;
  };
}

/** What is believed of the minutes at both doors before anything was learned. */
export function etaPriorsFrom(settings: Pick<RouterSettings, "PICKUP_SERVICE_S" | "DROPOFF_SERVICE_S">): EtaPriors {
  const spread = (seconds: number) => ({ p50Ms: seconds * 1000, p90Ms: seconds * 1800 });
  return { ...ETA_PRIORS, handover: spread(settings.PICKUP_SERVICE_S), drop: spread(settings.DROPOFF_SERVICE_S / 2) };
}
