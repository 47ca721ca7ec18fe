import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

import type { Fix, Point } from "#shared/contracts/geo.ts";
import { DEGREE_M } from "#shared/domain/geo/distance.ts";

export interface Trace {
  readonly id: string;
  /** Milliseconds are counted from a whole minute before the first fix. */
  readonly startMs: number;
  readonly fixes: readonly Fix[];
}

/** Metres from the middle of a trace's plane. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** The plane of a file lies here: a city's width from it a metre is a metre to a thousandth. */
const CENTER: Point = { lat: 0, lng: 0 };
/** Any whole minute of deployment time. */
const START_MS = 1_700_000_040_000;

/**
 * A gzipped table of traces: `trace, timestamp, x, y` (UTC, metres), other columns ignored, rows in the order of time.
 *
 * @throws {Error} naming the line that is none
 */
export function readTraces(file: string): Trace[] {
  const lines = gunzipSync(readFileSync(file)).toString().trim().split("\n");
  const rows = lines.slice(1).map((line, index) => rowOf(line, index + 2));
  return [...Map.groupBy(rows, (row) => row.trace)].map(([id, some]) => {
    const firstMs = some[0]?.atMs ?? 0;
    return { id, startMs: START_MS, fixes: some.map((row) => fixOf(row, START_MS + row.atMs - firstMs)) };
  });
}

/** Back on the plane of the file. */
export function planeOf(point: Point): Place {
  return { x: (point.lng - CENTER.lng) * DEGREE_M, y: (point.lat - CENTER.lat) * DEGREE_M };
}

interface Row extends Place {
  readonly trace: string;
  readonly atMs: number;
}

function rowOf(line: string, number: number): Row {
  const [trace, timestamp = "", x, y] = line.split("\t");
  const row = {
    trace: trace ?? "",
    atMs: Date.parse(`${timestamp.slice(0, 10)}T${timestamp.slice(11, 23)}Z`),
    x: Number(x),
    y: Number(y),
  };
  if (row.trace === "" || ![row.atMs, row.x, row.y].every(Number.isFinite))
    throw new Error(`line ${number}: not trace, timestamp, x and y`);
  return row;
}

function fixOf({ x, y }: Row, takenAtMs: number): Fix {
  return {
    lat: CENTER.lat + y / DEGREE_M,
    lng: CENTER.lng + x / DEGREE_M,
    takenAtMs,
    accuracyM: 5,
    speedMps: null,
    headingDeg: null,
  };
}
