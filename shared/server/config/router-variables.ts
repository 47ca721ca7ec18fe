import { z } from "zod";

import { GOOGLE_TRAFFIC, GOOGLE_TRAVEL_MODES } from "#shared/contracts/google-routes.ts";
import { VEHICLES } from "#shared/domain/city/city.ts";

const milliseconds = z.coerce.number().int().positive();
const mode = `(?:${VEHICLES.join("|")})=(?:${GOOGLE_TRAVEL_MODES.join("|")})`;
const MODES = new RegExp(`^${mode}(?:,${mode})*$`, "u");

/** How travel times are known. */
export const router = {
  ROUTER: z
    .enum(["graph", "osrm", "google", "haversine", "plane"])
    .optional()
    .describe(
      "graph: the streets of the city that holds the market. osrm: the service at OSRM_URL. google: the Google Routes API, for who has a key. haversine: great circle and detour. plane: straight lines in metres and whole minutes a leg, for test instances. Absent: graph where a city of CITY_DIR holds the market, else haversine.",
    ),
  ROUTER_VEHICLE: z
    .enum(VEHICLES)
    .default("motorbike")
    .describe("Whose ways are reckoned while no courier is known: quotes, and what a delivery takes at best."),
  ROUTER_SPEED_MPS: z.coerce
    .number()
    .positive()
    .default(5)
    .describe("Metres a second along the way (haversine, plane)."),
  ROUTER_DETOUR: z.coerce
    .number()
    .min(1)
    .default(1.3)
    .describe("How much longer the way is than the great circle (haversine)."),
  ROUTER_ORIGIN_LAT: z.coerce
    .number()
    .min(-90)
    .max(90)
    .default(0)
    .describe("Where the plane touches the globe (plane)."),
  ROUTER_ORIGIN_LNG: z.coerce
    .number()
    .min(-180)
    .max(180)
    .default(0)
    .describe("Where the plane touches the globe (plane)."),
  OSRM_URL: z
    .url({ protocol: /^https?$/u })
    .optional()
    .describe("Any service that speaks OSRM v1, without /table/v1 and what follows. Needed with ROUTER=osrm."),
  OSRM_TOKEN: z.string().min(1).optional().describe("Sent to it as a bearer token, where it wants one."),
  OSRM_PROFILES: z
    .string()
    .regex(/^(\w+=[\w-]+)(,\w+=[\w-]+)*$/u)
    .default("car=driving,motorbike=driving,bicycle=cycling,foot=walking")
    .describe("The service's profile for each vehicle."),
  OSRM_TIMEOUT_MS: milliseconds.default(2_000).describe("When it is no longer waited for: wall milliseconds."),
  OSRM_TABLE_SIZE: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(100)
    .describe("Sources, and destinations, of one table; OSRM's own limit (max-table-size) is 100."),
  GOOGLE_ROUTES_KEY: z
    .string()
    .regex(/^[\x21-\x7e]+$/u)
    .optional()
    .describe("A secret key of the Google Routes API. Needed with ROUTER=google."),
  GOOGLE_ROUTES_URL: z
    .url({ protocol: /^https?$/u })
    .default("https://routes.googleapis.com")
    .describe("Everything before /distanceMatrix/v2:computeRouteMatrix."),
  GOOGLE_ROUTES_MODES: z
    .string()
    .regex(MODES)
    .default("car=DRIVE,motorbike=TWO_WHEELER,bicycle=BICYCLE,foot=WALK")
    .describe("Its travelMode for each vehicle; where it knows no TWO_WHEELER, DRIVE."),
  GOOGLE_ROUTES_TRAFFIC: z
    .enum(GOOGLE_TRAFFIC)
    .default("TRAFFIC_UNAWARE")
    .describe("Its routingPreference of DRIVE and TWO_WHEELER: how traffic counts, and what an answer costs."),
  GOOGLE_ROUTES_TIMEOUT_MS: milliseconds.default(2_000).describe("When it is no longer waited for: wall milliseconds."),
  GOOGLE_ROUTES_KEPT_MS: milliseconds
    .default(600_000)
    .describe("How long one of its ways is used, from memory, before it is asked for again: wall milliseconds."),
  PICKUP_SERVICE_S: z.coerce.number().min(0).default(240).describe("Seconds that a courier spends at a restaurant."),
  DROPOFF_SERVICE_S: z.coerce
    .number()
    .min(0)
    .default(240)
    .describe("Seconds that a courier spends at a customer's door."),
};

interface RouterService {
  readonly ROUTER?: string | undefined;
  readonly OSRM_URL?: string | undefined;
  readonly GOOGLE_ROUTES_KEY?: string | undefined;
}

/** A router behind a network has an address, and a key where it wants one. [CFG7] */
export function checkRouter(settings: RouterService, context: z.RefinementCtx): void {
  const needed = { osrm: "OSRM_URL", google: "GOOGLE_ROUTES_KEY" } as const;
  for (const [service, name] of Object.entries(needed)) {
    if (settings.ROUTER !== service || settings[name] !== undefined) continue;
    context.addIssue({ code: "custom", path: [name], message: `needed with ROUTER=${service}` });
  }
}
