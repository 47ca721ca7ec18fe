import { eq, getTableName } from "drizzle-orm";
import type postgres from "postgres";

import {
  gazetteerCorners,
  gazetteerDoors,
  gazetteerEntries,
  gazetteerKeys,
  gazetteerPieces,
  gazetteerWords,
} from "#drizzle/schema/gazetteer.ts";
import { markets } from "#drizzle/schema/people.ts";
import type { City } from "#shared/domain/city/city.ts";
import { cellOf } from "#shared/domain/geo/cells.ts";
import { doorCell, gazetteerOf, STREET_RES, type Gazetteer } from "#shared/domain/geocoding/gazetteer.ts";

import { connectDb } from "../db/connect.ts";
import { copyRows } from "./copy-rows.ts";

/** Any number of our own: whoever loads a gazetteer waits for the others. */
const LOCK = 7461;

const TABLES = [gazetteerEntries, gazetteerWords, gazetteerKeys, gazetteerDoors, gazetteerPieces, gazetteerCorners].map(
  (table) => getTableName(table),
);

/**
 * Puts a city's names, addresses and streets where a market's searches look. The same city again changes nothing; another
 * one replaces what is there in one transaction, and until its end the old one answers.
 *
 * @param tell is told what is being done, in sentences
 * @returns whether it was loaded now
 * @throws {Error} when there is no such market
 */
export async function loadGazetteer(
  databaseUrl: string,
  marketId: string,
  city: City,
  tell: (sentence: string) => void,
): Promise<boolean> {
  const db = connectDb(databaseUrl, { max: 1, name: "tiffin-gazetteer" });
  try {
    const [market] = await db.orm.select({ id: markets.id }).from(markets).where(eq(markets.id, marketId));
    if (!market) throw new Error(`there is no market "${marketId}": open it, then load its city`);
    const isThere = async () => {
      const [row] = await db.sql`select city_id from gazetteers where market_id = ${marketId}`;
      return row?.["city_id"] === city.meta.id;
    };
    if (await isThere()) return false;
    tell(`reading the names of ${city.meta.name}`);
    const gazetteer = gazetteerOf(city);
    const { entries, doors, streets } = gazetteer;
    tell(`loading ${streets.length} streets, ${doors.length} doors, ${entries.length - streets.length} places`);
    const loaded = await db.sql.begin((tx) => replace(tx, marketId, city, gazetteer));
    // Out of the transaction: the rows that were replaced can be swept only after it.
    if (loaded) await db.sql.unsafe(`vacuum (analyze) ${TABLES.join(", ")}`);
    return loaded;
  } finally {
    await db.close();
  }
}

async function replace(
  tx: postgres.TransactionSql,
  marketId: string,
  { meta }: City,
  gazetteer: Gazetteer,
): Promise<boolean> {
  await tx`set local statement_timeout = 0`;
  await tx`set local idle_in_transaction_session_timeout = 0`;
  await tx`select pg_advisory_xact_lock(${LOCK})`;
  const [there] = await tx`select city_id from gazetteers where market_id = ${marketId}`;
  if (there?.["city_id"] === meta.id) return false;
  for (const table of TABLES) {
    // oxlint-disable-next-line no-await-in-loop -- one connection
    await tx`delete from ${tx(table)} where market_id = ${marketId}`;
  }
  await copyNames(tx, marketId, gazetteer);
  await copyStreets(tx, marketId, gazetteer);
  const facts = { city_id: meta.id, attribution: meta.attribution, names: gazetteer.entries.length };
  const row = { ...facts, loaded_at_ms: Date.now() };
  await tx`insert into gazetteers ${tx({ market_id: marketId, ...row })}
    on conflict (market_id) do update set ${tx(row)}`;
  return true;
}

async function copyNames(tx: postgres.TransactionSql, marketId: string, { entries, words, keys }: Gazetteer) {
  await copyRows(
    tx,
    gazetteerEntries,
    ["market_id", "id", "kind", "name", "address_line", "words", "rarities", "doors", "lat", "lng", "cell"],
    rowsOf(entries, ({ kind, name, addressLine, words: its, rarities, doors, point }, id) => {
      const { lat, lng } = point;
      return [marketId, id, kind, name, addressLine, its, rarities, doors, lat, lng, cellOf(point, STREET_RES)];
    }),
  );
  await copyRows(
    tx,
    gazetteerWords,
    ["market_id", "word", "entry_ids"],
    rowsOf(words, ([word, ids]) => [marketId, word, ids]),
  );
  await copyRows(
    tx,
    gazetteerKeys,
    ["market_id", "key", "words"],
    rowsOf(keys, ([key, its]) => [marketId, key, its]),
  );
}

async function copyStreets(tx: postgres.TransactionSql, marketId: string, { doors, streets }: Gazetteer) {
  await copyRows(
    tx,
    gazetteerDoors,
    ["market_id", "street_id", "number", "suffix", "id", "label", "lat", "lng", "cell"],
    rowsOf(doors, ({ street, value, suffix, label, point }, id) => {
      const { lat, lng } = point;
      return [marketId, street, value, suffix, id, label, lat, lng, doorCell(point)];
    }),
  );
  const pieces = streets.flatMap(({ pieces: its }, street) => its.map((piece) => ({ ...piece, street })));
  await copyRows(
    tx,
    gazetteerPieces,
    ["market_id", "id", "street_id", "from_lat", "from_lng", "to_lat", "to_lng", "cell"],
    rowsOf(pieces, ({ street, from, to }, id) => {
      const middle = { lat: (from.lat + to.lat) / 2, lng: (from.lng + to.lng) / 2 };
      return [marketId, id, street, from.lat, from.lng, to.lat, to.lng, cellOf(middle, STREET_RES)];
    }),
  );
  const corners = streets.flatMap(({ corners: its }, street) => its.map((corner) => ({ ...corner, street })));
  await copyRows(
    tx,
    gazetteerCorners,
    ["market_id", "street_id", "other_id", "id", "lat", "lng"],
    rowsOf(corners, ({ street, other, point }, id) => [marketId, street, other, id, point.lat, point.lng]),
  );
}

function* rowsOf<T, R>(items: Iterable<T>, row: (item: T, index: number) => R): Generator<R> {
  let index = 0;
  for (const item of items) {
    yield row(item, index);
    index += 1;
  }
}
