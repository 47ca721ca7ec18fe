import { z } from "zod";

import type { Vehicle } from "#shared/domain/city/city.ts";
import type { Point } from "#shared/domain/geo/point.ts";
import { decodePolyline } from "#shared/domain/router/graph/polyline.ts";

export type OsrmCode =
  | "InvalidUrl"
  | "InvalidService"
  | "InvalidVersion"
  | "InvalidQuery"
  | "InvalidOptions"
  | "NoSegment"
  | "NoRoute"
  | "NoMatch"
  | "TooBig";

/** A question that OSRM's interface refuses: `{code, message}` with status 400. */
export class OsrmRefusal extends Error {
  override readonly name = "OsrmRefusal";
  readonly code: OsrmCode;

  constructor(code: OsrmCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Points of one question; a table's sources and destinations are counted apart. */
export const MOST = { route: 100, table: 100, nearest: 1, match: 1_000, number: 100 } as const;
const SERVICES = ["route", "table", "nearest", "match"] as const;

const PROFILES: ReadonlyMap<string, Vehicle> = new Map([
  ["car", "car"],
  ["driving", "car"],
  ["motorbike", "motorbike"],
  ["bicycle", "bicycle"],
  ["bike", "bicycle"],
  ["cycling", "bicycle"],
  ["foot", "foot"],
  ["walking", "foot"],
]);

const truth = z.enum(["true", "false"]);
/** Options that change nothing here: nothing is hinted, nobody is kept from turning at a waypoint, there is one answer. */
const ignored = {
  alternatives: z.string().optional(),
  approaches: z.string().optional(),
  continue_straight: z.string().optional(),
  generate_hints: truth.optional(),
  hints: z.string().optional(),
  skip_waypoints: truth.optional(),
};
const decimal = z.string().regex(/^\d+(\.\d+)?$/u);
const listOf = (each: z.ZodType<string, string>) =>
  z
    .string()
    .transform((text) => text.split(";"))
    .pipe(z.array(each));
const radiuses = listOf(z.union([decimal, z.literal(""), z.literal("unlimited")]))
  .transform((list) => list.map((each) => (each === "" || each === "unlimited" ? Infinity : Number(each))))
  .optional();
const indices = z
  .union([
    z.literal("all").transform(() => undefined),
    listOf(z.string().regex(/^\d{1,4}$/u)).transform((list) => list.map(Number)),
  ])
  .optional();
const shown = {
  steps: truth.default("false").transform((each) => each === "true"),
  overview: z.enum(["simplified", "full", "false"]).default("simplified"),
  geometries: z.enum(["polyline", "polyline6", "geojson"]).default("polyline"),
  annotations: z.literal("false").optional(),
};
const OPTIONS = {
  route: z.strictObject({ ...ignored, ...shown, radiuses }),
  nearest: z.strictObject({
    ...ignored,
    radiuses,
    number: z
      .string()
      .regex(/^[1-9]\d{0,3}$/u)
      .default("1")
      .transform(Number),
  }),
  table: z.strictObject({
    ...ignored,
    radiuses,
    sources: indices,
    destinations: indices,
    annotations: z.enum(["duration", "distance", "duration,distance", "distance,duration"]).default("duration"),
  }),
  match: z.strictObject({
    ...ignored,
    ...shown,
    radiuses,
    timestamps: listOf(z.string().regex(/^\d{1,12}$/u))
      .transform((list) => list.map(Number))
      .optional(),
    gaps: z.enum(["split", "ignore"]).default("split"),
    tidy: truth.optional(),
  }),
} as const;

export type Options = { readonly [S in keyof typeof OPTIONS]: Readonly<z.output<(typeof OPTIONS)[S]>> };

export type OsrmQuestion = {
  readonly [S in keyof Options]: {
    readonly service: S;
    readonly vehicle: Vehicle;
    readonly points: readonly Point[];
    readonly options: Options[S];
  };
}[keyof Options];

/**
 * Reads what stands behind the base address: `{service}/v1/{profile}/{coordinates}` and its options.
 *
 * @throws {OsrmRefusal} with what is wrong
 */
export function readQuestion(path: string, query: unknown): OsrmQuestion {
  const parts = /^(?<service>\w+)\/(?<version>\w+)\/(?<profile>[\w-]+)\/(?<places>.+?)(?:\.json)?$/su.exec(
    path,
  )?.groups;
  if (!parts) throw new OsrmRefusal("InvalidUrl", "ask for {service}/v1/{profile}/{longitude},{latitude};…");
  const service = SERVICES.find((each) => each === parts["service"]);
  if (!service) throw new OsrmRefusal("InvalidService", `services are ${SERVICES.join(", ")}`);
  if (parts["version"] !== "v1") throw new OsrmRefusal("InvalidVersion", "the version is v1");
  const vehicle = PROFILES.get(parts["profile"] ?? "");
  if (!vehicle) throw new OsrmRefusal("InvalidUrl", `profiles are ${[...PROFILES.keys()].join(", ")}`);
  const points = readPlaces(parts["places"] ?? "");
  checkCount(service, points.length);
  const options = OPTIONS[service].safeParse(query);
  if (!options.success) throw refusalOf(options.error);
  const question = { service, vehicle, points, options: options.data };
  checkLists(question.options, points.length);
  return question as OsrmQuestion; // Cast: the options were parsed by the service's own schema.
}

function readPlaces(text: string): Point[] {
  const encoded = /^polyline(?<six>6)?\((?<line>.*)\)$/su.exec(text)?.groups;
  const points = encoded
    ? decodePolyline(encoded["line"] ?? "", encoded["six"] === undefined ? 5 : 6)
    : text.split(";").map(readPlace);
  const isPlace = (point: Point | undefined): point is Point =>
    point !== undefined && Math.abs(point.lat) <= 90 && Math.abs(point.lng) <= 180;
  if (!points || points.length === 0 || !points.every(isPlace)) {
    throw new OsrmRefusal(
      "InvalidQuery",
      "coordinates are {longitude},{latitude} in degrees with ; between them, or polyline(…)",
    );
  }
  return points;
}

function readPlace(text: string): Point | undefined {
  const parts = /^(?<lng>-?\d{1,3}(?:\.\d{1,15})?),(?<lat>-?\d{1,2}(?:\.\d{1,15})?)$/u.exec(text)?.groups;
  return parts && { lat: Number(parts["lat"]), lng: Number(parts["lng"]) };
}

function checkCount(service: keyof Options, count: number): void {
  const most = service === "table" ? 2 * MOST.table : MOST[service];
  if (count > most) throw new OsrmRefusal("TooBig", `${service} takes ${most} coordinates, these are ${count}`);
  if (count < 2 && service !== "nearest")
    throw new OsrmRefusal("InvalidQuery", `${service} takes two coordinates or more`);
}

function checkLists(options: Options[keyof Options], count: number): void {
  const lists = options as { readonly [name: string]: unknown }; // Cast: read by name alone.
  for (const name of ["radiuses", "timestamps"]) {
    const list = lists[name];
    if (Array.isArray(list) && list.length !== count)
      throw new OsrmRefusal("InvalidOptions", `${name} has ${list.length} entries for ${count} coordinates`);
  }
  for (const name of ["sources", "destinations"]) {
    const list = lists[name];
    if (Array.isArray(list) && list.some((index: number) => index >= count))
      throw new OsrmRefusal("InvalidOptions", `${name} names a coordinate that is not there`);
  }
  const times = lists["timestamps"];
  if (Array.isArray(times) && times.some((each: number, index) => index > 0 && each <= Number(times[index - 1])))
    throw new OsrmRefusal("InvalidOptions", "timestamps must grow");
}

function refusalOf(error: z.ZodError): OsrmRefusal {
  const [issue] = error.issues;
  const unknown = issue?.code === "unrecognized_keys";
  const what = unknown ? `unknown option ${issue.keys.join(", ")}` : `${issue?.path.join(".")}: ${issue?.message}`;
  return new OsrmRefusal(unknown ? "InvalidQuery" : "InvalidOptions", what);
}
