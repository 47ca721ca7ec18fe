import { and, eq, sql } from "drizzle-orm";

import { gazetteerCorners, gazetteerEntries, gazetteers, gazetteerWords } from "#drizzle/schema/gazetteer.ts";
import { DEGREE_M } from "#shared/domain/geo/distance.ts";
import type { Point } from "#shared/domain/geo/point.ts";
import { rarityOf, type NamedThing } from "#shared/domain/geocoding/fit.ts";
import type { EntryKind } from "#shared/domain/geocoding/gazetteer.ts";
import type { HouseNumber } from "#shared/domain/geocoding/house-number.ts";
import type { DoorsAround, NumberedDoor } from "#shared/domain/geocoding/number-place.ts";

import type { Tx } from "../db/connect.ts";
import { distanceTo } from "../db/distance.ts";

export interface Entry extends NamedThing {
  readonly id: number;
  readonly kind: EntryKind;
  readonly name: string;
  readonly addressLine: string | null;
}

/** A word of the market's names, with how rare it is. */
export interface KnownWord {
  readonly word: string;
  readonly rarity: number;
  /** Under which of the keys it is. */
  readonly keys: readonly string[];
}

/** A word that a name should have, with how much it counts; of one term's words the best counts. */
export interface WantedWord {
  readonly term: number;
  readonly word: string;
  readonly weight: number;
}

/** Further away a quarter says nothing of a place, metres. */
export const QUARTER_WITHIN_M = 4_000;
export interface Wanted {
  readonly wanted: readonly WantedWord[];
  readonly leastWeight: number;
}

/** More names than this are not compared. */
const MOST_CANDIDATES = 60;

/** What is loaded for the market; undefined when nothing is. */
export async function readGazetteer(tx: Tx, marketId: string) {
  const [row] = await tx.select().from(gazetteers).where(eq(gazetteers.marketId, marketId));
  return row;
}

/** Every word that is kept under one of the keys. */
export async function wordsUnder(
  tx: Tx,
  marketId: string,
  names: number,
  keys: readonly string[],
): Promise<KnownWord[]> {
  const rows = await tx.execute<{ word: string; count: number; keys: string[] }>(sql`
    select known.word, cardinality(known.entry_ids) as count, under.keys
    from (
      select word, array_agg(key) as keys from gazetteer_keys cross join unnest(words) as word
      where market_id = ${marketId} and key = any(${textArray(keys)}) group by word
    ) as under
    join gazetteer_words as known on known.market_id = ${marketId} and known.word = under.word`);
  return rows.map(({ word, count, keys: its }) => ({ word, rarity: rarityOf(names, count), keys: its }));
}

/** The names that have most of what is wanted, by weight, and at least so much of it; of those alike the nearest. */
export async function entriesWith(
  tx: Tx,
  marketId: string,
  { wanted, leastWeight }: Wanted,
  near: Point,
): Promise<Entry[]> {
  if (wanted.length === 0) return [];
  const terms = sql`unnest(
    ${numberArray(wanted.map((each) => each.term))}::integer[],
    ${textArray(wanted.map((each) => each.word))},
    ${numberArray(wanted.map((each) => each.weight))}::float8[]
  ) as wanted(term, word, weight)`;
  const hits = sql`(
    select entry_id, sum(weight) as weight from (
      select wanted.term, entry_id, max(wanted.weight) as weight
      from ${terms}
      join ${gazetteerWords} as known on known.market_id = ${marketId} and known.word = wanted.word
      cross join unnest(known.entry_ids) as entry_id
      group by wanted.term, entry_id
    ) as best group by entry_id having sum(weight) >= ${leastWeight}::float8
  ) as hits`;
  const rows = await tx
    .select({ entry: gazetteerEntries })
    .from(gazetteerEntries)
    .innerJoin(hits, and(eq(gazetteerEntries.marketId, marketId), sql`${gazetteerEntries.id} = hits.entry_id`))
    .orderBy(sql`hits.weight desc`, distanceTo(gazetteerEntries, near), gazetteerEntries.id)
    .limit(MOST_CANDIDATES);
  return rows.map(({ entry: { lat, lng, ...entry } }) => ({ ...entry, point: { lat, lng } }));
}

/** For each street and number, in order: that door, and the nearest numbers below and above. One round trip. */
export async function doorsAt(
  tx: Tx,
  marketId: string,
  asked: readonly { readonly streetId: number; readonly number: HouseNumber }[],
): Promise<DoorsAround[]> {
  if (asked.length === 0) return [];
  const door = sql`jsonb_build_object('label', label, 'number', number, 'lat', lat, 'lng', lng) as door`;
  const ofStreet = sql`from gazetteer_doors where market_id = ${marketId} and street_id = asked.street_id`;
  const rows = await tx.execute<{ exact: DoorJson; below: DoorJson; above: DoorJson }>(sql`
    select exact.door as exact, below.door as below, above.door as above
    from unnest(
      ${numberArray(asked.map((each) => each.streetId))}::integer[],
      ${numberArray(asked.map((each) => each.number.value))}::integer[],
      ${textArray(asked.map((each) => each.number.suffix))}
    ) with ordinality as asked(street_id, value, letter, place)
    left join lateral (select ${door} ${ofStreet} and number = asked.value
      order by suffix = asked.letter desc, suffix, id limit 1) as exact on true
    left join lateral (select ${door} ${ofStreet} and number < asked.value
      order by number desc, suffix desc, id desc limit 1) as below on true
    left join lateral (select ${door} ${ofStreet} and number > asked.value
      order by number, suffix, id limit 1) as above on true
    order by asked.place`);
  return rows.map(({ exact, below, above }) => ({ exact: doorOf(exact), below: doorOf(below), above: doorOf(above) }));
}

/** Where streets of the one list meet streets of the other. */
export async function cornersOf(tx: Tx, marketId: string, streetIds: readonly number[], otherIds: readonly number[]) {
  if (streetIds.length === 0 || otherIds.length === 0) return [];
  const { streetId, otherId, lat, lng } = gazetteerCorners;
  const rows = await tx
    .selectDistinctOn([streetId, otherId], { streetId, otherId, lat, lng })
    .from(gazetteerCorners)
    .where(
      and(
        eq(gazetteerCorners.marketId, marketId),
        sql`${streetId} = any(${numberArray(streetIds)}::integer[])`,
        sql`${otherId} = any(${numberArray(otherIds)}::integer[])`,
      ),
    )
    .orderBy(streetId, otherId, gazetteerCorners.id);
  return rows.map(({ lat: atLat, lng: atLng, ...ids }) => ({ ...ids, point: { lat: atLat, lng: atLng } }));
}

/** For each point, in order, the nearest quarter; null beyond `withinM`. */
export async function quartersAt(
  tx: Tx,
  marketId: string,
  points: readonly Point[],
  withinM: number,
): Promise<(string | null)[]> {
  if (points.length === 0) return [];
  const rows = await tx.execute<{ name: string | null }>(sql`
    select case when nearest.away_m <= ${withinM}::float8 then nearest.name end as name
    from unnest(
      ${numberArray(points.map((each) => each.lat))}::float8[],
      ${numberArray(points.map((each) => each.lng))}::float8[]
    ) with ordinality as asked(lat, lng, place)
    left join lateral (
      select name, ${DEGREE_M}::float8 * sqrt((lat - asked.lat) ^ 2
        + ((lng - asked.lng - 360 * round((lng - asked.lng) / 360)) * cos(radians(asked.lat))) ^ 2) as away_m
      from gazetteer_entries where market_id = ${marketId} and kind = 'quarter' order by away_m, id limit 1
    ) as nearest on true
    order by asked.place`);
  return rows.map(({ name }) => name);
}

interface DoorRow {
  readonly label: string;
  readonly number: number;
  readonly lat: number;
  readonly lng: number;
}
type DoorJson = DoorRow | null;

function doorOf(row: DoorJson): NumberedDoor | undefined {
  return row ? { label: row.label, number: row.number, point: { lat: row.lat, lng: row.lng } } : undefined;
}

/** One value for the driver, whatever the length: the statement's text stays one, and so does its plan. */
function textArray(values: readonly string[]) {
  return sql`${sql.param([...values])}::text[]`;
}

function numberArray(values: readonly number[]) {
  return sql`${sql.param([...values])}`;
}
