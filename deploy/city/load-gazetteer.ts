/** `npm run city:load -- --city FILE --market ID`: puts a city's addresses and streets into a market's search. */
import { parseArgs } from "node:util";

import { readCityFile } from "#shared/server/city/cities.ts";
import { loadGazetteer } from "#shared/server/geocoding/load-gazetteer.ts";

const USAGE = "npm run city:load -- --city FILE.city.gz --market ID (DATABASE_URL says which database)";

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { city: { type: "string" }, market: { type: "string" } } });
  const { DATABASE_URL: databaseUrl } = process.env;
  if (values.city === undefined || values.market === undefined || !databaseUrl) throw new Error(`use: ${USAGE}`);
  const startMs = performance.now();
  const tell = (sentence: string): void =>
    void process.stderr.write(`${((performance.now() - startMs) / 1_000).toFixed(1).padStart(6)} s  ${sentence}\n`);
  const city = readCityFile(values.city);
  const loaded = await loadGazetteer(databaseUrl, values.market, city, tell);
  tell(loaded ? "done" : `${city.meta.name} was there already`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
