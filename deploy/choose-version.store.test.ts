import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { beforeAll, expect, onTestFinished, test } from "vitest";

import { etaVersions } from "#shared/server/eta/model-store.ts";
import { liveMarket, MARKET, type LiveMarket } from "#shared/testing/live-market.ts";
import { testServices } from "#shared/testing/services.ts";

import { runChooseVersion } from "./choose-version.ts";

const services = await testServices();
let town: LiveMarket;

beforeAll(async () => {
  town = await liveMarket(services.databaseUrl, { couriers: 0 });
  const learned = { marketId: MARKET, createdAtMs: 0, learnedUntilMs: 0, trials: {}, models: "{}" };
  for (const version of [1, 2]) await etaVersions.addVersion(town.db, { ...learned, version });
});

const versions = {
  command: "eta:models",
  store: etaVersions,
  none: "the priors",
  legend: "Nothing more.",
  linesOf: () => ({ head: "a version", below: [] }),
};
const run = async (args: readonly string[], env: Record<string, string> = { DATABASE_URL: services.databaseUrl }) => {
  const said: string[] = [];
  const exit = await runChooseVersion(versions, args, env, (text) => void said.push(text));
  return { exit, said: said.join("\n") };
};
const chosen = async () => (await etaVersions.readChoices(town.db.orm, MARKET))[0];
const of = (...args: string[]) => run(["--market", MARKET, ...args]);

test("[ETA21] [DSP34] one command backs out, says what is in force, and takes up again what was learned", async () => {
  expect(await of("--list")).toMatchObject({
    exit: 0,
    said: expect.stringContaining("version 2 in force (the newest"),
  });
  expect(await of("--none")).toMatchObject({ exit: 0, said: expect.stringContaining("the priors in force (pinned") });
  expect(await chosen()).toMatchObject({ version: null, pinned: true });
  expect((await of("--use", "1")).said).toContain("* 1  ");
  expect(await chosen()).toMatchObject({ version: 1, pinned: true });
  expect(await of("--newest")).toMatchObject({ exit: 0 });
  expect(await chosen()).toMatchObject({ version: 2, pinned: false });
});

test("[ETA21] [DSP34] whoever asks wrongly is told how, and nothing is decided", async () => {
  const before = await chosen();
  for (const args of [[], ["--list", "--none"], ["--use", "1", "--none"], ["--use", "one"]])
    expect(await of(...args)).toMatchObject({ exit: 1, said: expect.stringContaining("use: npm run eta:models") });
  expect(await of("--use", "9")).toMatchObject({
    exit: 1,
    said: `no version 9 of ${MARKET}; --list shows those that there are`,
  });
  expect((await run(["--market", "nowhere", "--list"])).said).toBe(`no market nowhere; there are ${MARKET}`);
  expect(await chosen()).toEqual(before);
});

test("[ETA21] [DSP34] without DATABASE_URL that of a running `npm start` is asked, by its data folder", async () => {
  const data = mkdtempSync(join(tmpdir(), "tiffin-choose-"));
  onTestFinished(() => rmSync(data, { recursive: true, force: true }));
  const { exit, said } = await run(["--market", MARKET, "--list", "--data", data], {});
  expect([exit, said]).toEqual([
    1,
    `set DATABASE_URL, or start \`npm start\` beside this: no Postgres runs over ${data}`,
  ]);
});
