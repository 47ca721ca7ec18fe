import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { beforeAll, expect, test } from "vitest";

import { haversineRouter } from "#shared/domain/router/haversine-router.ts";
import type { Router } from "#shared/domain/router/router.ts";
import { assert } from "#shared/lib/assert.ts";
import { packDecision, readDecision } from "#shared/server/life/decisions.ts";
import { as, liveMarket, MARKET, type LiveMarket } from "#shared/testing/live-market.ts";
import { scenesOf, type Scenes } from "#shared/testing/order-scenes.ts";
import { testServices } from "#shared/testing/services.ts";

import { replayDecisions, runReplay } from "./replay-decisions.ts";

const services = await testServices();
let town: LiveMarket;
let scene: Scenes;

/** Bicycles are slower: vehicles are a part of what is kept. */
const fast = haversineRouter({ speedMps: 7, detour: 1.3 });
const slow = haversineRouter({ speedMps: 4.1, detour: 1.3 });
const routerOf = (): Router => ({ ...fast, by: (vehicle) => (vehicle === "bicycle" ? slow : fast) });

beforeAll(async () => {
  town = await liveMarket(services.databaseUrl, { couriers: 3, routerOf });
  scene = scenesOf(town);
});

async function kept() {
  return town.db.sql<{ id: string; round: number }[]>`select id, round from dispatch_decisions order by round`;
}

/** Orders that wait, that are offered, declined, taken and joined to a trip, over some minutes. */
async function liveScenario(): Promise<void> {
  const couriers = [await scene.onDuty(0), await scene.onDuty(1), await scene.onDuty(2)];
  for (const prepMinutes of [0, 4, 12, 0]) {
    const order = await scene.created();
    await town.useCases["order.confirm"](as(town.kitchen), { ...order, prepMinutes });
  }
  for (let minute = 0; minute < 14; minute++) {
    await town.round();
    for (const [index, courier] of couriers.entries()) {
      const { offer } = await town.useCases["courier.read"](as(courier.identity), { marketId: MARKET });
      if (!offer) continue;
      const answer = { marketId: MARKET, offerId: offer.id };
      if (index === minute % 3) await town.useCases["offer.decline"](as(courier.identity), { ...answer, reason: "" });
      else await town.useCases["offer.accept"](as(courier.identity), answer);
    }
    await town.clock.advance(60_000);
  }
}

const told: string[] = [];
const run = (...args: string[]) => runReplay([...args, "--database", services.databaseUrl], (text) => told.push(text));

test("[DSP22] a round with nothing open keeps nothing; every other keeps what it was decided by", async () => {
  await town.round();
  expect([...(await kept())]).toEqual([]);
  await expect(run("--all")).resolves.toBe(1);
  expect(told.at(-1)).toBe("no decision to compare was found");

  await liveScenario();
  const rows = await kept();
  expect(rows.length).toBeGreaterThan(3);
  const offers = await town.db.sql<{ decision_id: string; courier_id: string; round: number; reason: object }[]>`
    select decision_id, courier_id, round, reason from offers`;
  expect(offers.length).toBeGreaterThan(1);
  for (const offer of offers) {
    const decision = await readDecision(town.db.orm, MARKET, offer.decision_id);
    assert(decision, "an offer's decision is kept");
    const { plan } = decision.record;
    expect(decision.round).toBe(offer.round);
    const commit = plan.commits.find(({ courierId }) => courierId === offer.courier_id);
    expect(offer.reason).toEqual({ version: plan.version, kind: commit?.kind, numbers: commit?.numbers });
  }
});

test("[DSP23] every kept decision of a live scenario decides the same again; one that was changed is found", async () => {
  const rows = await kept();
  const figures = await replayDecisions(town.db, { marketId: MARKET });
  expect(figures).toMatchObject({ equal: rows.length, different: 0, otherVersion: 0, faults: [] });
  await expect(run("--all", "--market", MARKET)).resolves.toBe(0);
  expect(told.at(-2)).toBe(`${rows.length} of ${rows.length} decisions equal, 100.00 %`);

  const [first] = rows;
  assert(first, "a decision was kept");
  const decision = await readDecision(town.db.orm, MARKET, first.id);
  assert(decision, "and can be read");
  const { record } = decision;
  const routers = record.ways.routers.map((ways) => ({ ...ways, ms: ways.ms.map((ms) => ms + 1_000) }));
  const changed = await packDecision({ ...record, ways: { ...record.ways, routers } });
  await town.db.sql`update dispatch_decisions set record = ${changed} where id = ${first.id}`;
  await expect(run("--decision", first.id)).resolves.toBe(1);
  expect(told.at(-2)).toBe("0 of 1 decisions equal, 0.00 %");
  expect(told.at(-3)).toContain(`round ${first.round}`);
  await expect(run("--all")).resolves.toBe(1);
});

test("[DSP23] whoever asks wrongly is told how to ask", async () => {
  await expect(run()).resolves.toBe(2);
  expect(told.at(-1)).toContain("either --decision or --all is needed");
});

test("[DSP23] without --database that of a running `npm start` is asked, by its data folder", async () => {
  const data = mkdtempSync(join(tmpdir(), "tiffin-replay-"));
  const without = (...args: string[]) => runReplay(["--all", "--data", data, ...args], (text) => told.push(text), {});
  try {
    await expect(without()).resolves.toBe(2);
    expect(told.at(-1)).toContain(
      `name a --database, or start \`npm start\` beside this: no Postgres runs over ${data}`,
    );

    const nowhere = "postgres://tiffin:no@127.0.0.1:1/tiffin";
    const figures = await replayDecisions(town.db, {});
    await expect(runReplay(["--all", "--data", data], () => {}, { DATABASE_URL: services.databaseUrl })).resolves.toBe(
      1,
    );
    // What is named wins over what runs and over what is set.
    await expect(
      runReplay(["--all", "--data", data, "--database", services.databaseUrl], (text) => told.push(text), {
        DATABASE_URL: nowhere,
      }),
    ).resolves.toBe(1);
    expect(told.at(-2)).toContain(`${figures.equal} of ${figures.equal + figures.different} decisions equal`);
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
});
