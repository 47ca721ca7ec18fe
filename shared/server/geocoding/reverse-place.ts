import { sql } from "drizzle-orm";

import { gazetteerDoors, gazetteerEntries } from "#drizzle/schema/gazetteer.ts";
import type { FoundPlace } from "#shared/contracts/catalogue/geocoding.ts";
import { cellOf, cellsWithin } from "#shared/domain/geo/cells.ts";
import { DEGREE_M } from "#shared/domain/geo/distance.ts";
import type { Point } from "#shared/domain/geo/point.ts";
import { DOOR_RES, STREET_RES } from "#shared/domain/geocoding/gazetteer.ts";

import type { Tx } from "../db/connect.ts";
import { distanceTo } from "../db/distance.ts";
import { quartersAt, QUARTER_WITHIN_M } from "./gazetteer-rows.ts";

const DOOR_WITHIN_M = 100;
const STREET_WITHIN_M = 400;
/**
 * Rings of cells that hold everything within those distances of any point of the middle one, wherever on Earth: a ring adds
 * one and a half edges, and the shortest edges are some 52 m at resolution 10 and 138 m at 9.
 */
const DOOR_RINGS = 2;
const STREET_RINGS = 3;

type Named = Omit<FoundPlace, "quarter">;

/** What a point is called: the nearest door within 100 m, else the nearest street or place within 400 m. */
export async function reversePlace(tx: Tx, marketId: string, at: Point): Promise<FoundPlace | null> {
  const found = (await nearestDoor(tx, marketId, at)) ?? (await nearestStreetOrPlace(tx, marketId, at));
  if (!found) return null;
  const [quarter] = await quartersAt(tx, marketId, [found.point], QUARTER_WITHIN_M);
  return { ...found, quarter: quarter ?? null };
}

async function nearestDoor(tx: Tx, marketId: string, at: Point): Promise<Named | undefined> {
  const away = distanceTo(gazetteerDoors, at);
  const [row] = await tx.execute<Row>(sql`
    select name, label, lat, lng, away_m from (
      select street_id, label, lat, lng, ${away} as away_m from ${gazetteerDoors}
      where market_id = ${marketId} and cell = any(${cellsAround(at, DOOR_RES, DOOR_RINGS)}::text[])
      order by away_m, number, suffix, id limit 1
    ) as door
    cross join lateral (
      select name from ${gazetteerEntries} as street where street.market_id = ${marketId} and street.id = door.street_id
    ) as street
    where away_m <= ${DOOR_WITHIN_M}`);
  return row && foundOf("address", `${row.name} ${row.label}`, row);
}

async function nearestStreetOrPlace(tx: Tx, marketId: string, at: Point): Promise<Named | undefined> {
  const [row] = await tx.execute<Row & { kind: "street" | "place" }>(sql`
    with nearest as (${nearestPiece(marketId, at)} union all ${nearestNamed(marketId, at)})
    select kind, name, label, lat, lng, away_m from nearest
    where away_m <= ${STREET_WITHIN_M} order by away_m, kind desc limit 1`);
  return row && foundOf(row.kind, row.name, row);
}

/** In a plane about the point, metres east and north: a piece is short, so the plane is the ground. */
function nearestPiece(marketId: string, at: Point) {
  const east = (lng: string) =>
    sql`((${sql.raw(lng)} - ${at.lng}::float8 - 360 * round((${sql.raw(lng)} - ${at.lng}::float8) / 360))
      * ${DEGREE_M * Math.cos((at.lat * Math.PI) / 180)}::float8)`;
  const north = (lat: string) => sql`((${sql.raw(lat)} - ${at.lat}::float8) * ${DEGREE_M}::float8)`;
  return sql`(
    select 'street' as kind, street.name, null as label, piece.lat, piece.lng, piece.away_m from (
      select street_id, from_lat + (to_lat - from_lat) * share as lat, from_lng + (to_lng - from_lng) * share as lng,
        round(sqrt((x + dx * share) ^ 2 + (y + dy * share) ^ 2))::integer as away_m
      from (
        select *, case when dx = 0 and dy = 0 then 0
          else greatest(0, least(1, -(x * dx + y * dy) / (dx ^ 2 + dy ^ 2))) end as share
        from (
          select *, ${east("from_lng")} as x, ${north("from_lat")} as y,
            ${east("to_lng")} - ${east("from_lng")} as dx, ${north("to_lat")} - ${north("from_lat")} as dy
          from gazetteer_pieces
          where market_id = ${marketId} and cell = any(${cellsAround(at, STREET_RES, STREET_RINGS)}::text[])
        ) as plane
      ) as foot
      order by away_m, street_id limit 1
    ) as piece
    join gazetteer_entries as street on street.market_id = ${marketId} and street.id = piece.street_id
  )`;
}

function nearestNamed(marketId: string, at: Point) {
  return sql`(
    select kind, name, address_line as label, lat, lng, ${distanceTo(gazetteerEntries, at)} as away_m
    from ${gazetteerEntries}
    where market_id = ${marketId} and kind = 'place' and cell = any(${cellsAround(at, STREET_RES, STREET_RINGS)}::text[])
    order by away_m, id limit 1
  )`;
}

interface Row extends Record<string, unknown> {
  readonly name: string;
  /** Of a door its number, of a place its address. */
  readonly label: string | null;
  readonly lat: number;
  readonly lng: number;
  readonly away_m: number;
}

function foundOf(kind: Named["kind"], label: string, { label: address, lat, lng, away_m: distanceM }: Row): Named {
  const line = kind === "place" && address !== null ? `${label}, ${address}` : label;
  return { kind, label, line, point: { lat, lng }, exact: true, distanceM };
}

function cellsAround(at: Point, res: number, rings: number) {
  return sql`${sql.param(cellsWithin(cellOf(at, res), rings))}`;
}
