import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

import { beforeAll, expect, test } from "vitest";

import { replay } from "#shared/domain/dispatch/decision/decision-record.ts";
import { assert } from "#shared/lib/assert.ts";
import { refusalTrial, refusalVersions } from "#shared/server/dispatch/refusals.ts";
import { readDecision } from "#shared/server/life/decisions.ts";
import { as, liveMarket, MARKET, type LiveMarket } from "#shared/testing/live-market.ts";
import { scenesOf, type Scenes } from "#shared/testing/order-scenes.ts";
import { testServices } from "#shared/testing/services.ts";

import { learnRefusalsOf } from "./learn-refusals.ts";

const PATIENCE_MS = 120_000;
const services = await testServices();
let town: LiveMarket;
let scene: Scenes;
let refuser: LiveMarket["couriers"][number];
let taker: LiveMarket["couriers"][number];

beforeAll(async () => {
  town = await liveMarket(services.databaseUrl, { couriers: 2 });
  scene = scenesOf(town);
  const on = [await scene.onDuty(0), await scene.onDuty(1)];
  // Both stand at the same place: of equals the first by id is asked.
  const [first, second] = on.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  assert(first && second, "two couriers");
  [refuser, taker] = [first, second];
}, PATIENCE_MS);

/** Offers that are over, as rows, ten minutes apart until now. */
async function pastOffers(courierId: string, statuses: readonly string[]): Promise<void> {
  const nowMs = town.clock.nowMs();
  const { restaurantId } = town;
  await town.db.sql`
    insert into offers (market_id, id, courier_id, restaurant_id, status, round, offered_at_ms, expires_at_ms, answered_at_ms,
      pay_minor, reason)
    select ${MARKET}, (lpad(to_hex(at_ms), 12, '0') || '7000' || '8000' || lpad(to_hex(i), 12, '0'))::uuid, ${courierId},
      ${restaurantId}, status, 1, at_ms, at_ms + 30000, at_ms + 5000, 100,
      jsonb_build_object('numbers', jsonb_build_object('leaveAtMs', at_ms, 'arriveAtMs', at_ms + 240000))
    from (select i, status, ${nowMs}::bigint - (${statuses.length}::bigint - i + 1) * 600000 as at_ms
      from unnest(${[...statuses]}::text[]) with ordinality as given (status, i)) as made
    on conflict do nothing`;
}

const learn = () =>
  learnRefusalsOf({ db: town.db, market: town.market, log: { info: () => {} } }, MARKET, town.clock.nowMs());
const command = (...args: string[]) =>
  promisify(execFile)(
    process.execPath,
    [join(import.meta.dirname, "../../deploy/dispatch-refusals.ts"), "--market", MARKET, ...args],
    { env: { ...process.env, DATABASE_URL: services.databaseUrl } },
  );

/** Whom a round offers an order that is ready, and what was kept of it; nothing is left of it. */
async function asked() {
  const order = await scene.created();
  await town.useCases["order.confirm"](as(town.kitchen), { ...order, prepMinutes: 0 });
  await town.round();
  const [offer] = await town.db.sql<{ courier_id: string; decision_id: string }[]>`
    select courier_id, decision_id from offers where status = 'offered'`;
  assert(offer, "an offer was made");
  const decision = await readDecision(town.db.orm, MARKET, offer.decision_id);
  assert(decision, "and its decision kept");
  await town.useCases["order.cancel"](as(town.support), { ...order, reason: "over" });
  return { courierId: offer.courier_id, record: decision.record };
}
const known = (record: Awaited<ReturnType<typeof asked>>["record"], courierId: string) =>
  record.input.couriers.find(({ id }) => id === courierId)?.refusal;

test(
  "[DSP34] a round goes by what a worker learned of how offers were answered, and keeps it",
  async () => {
    const before = await asked();
    expect(before.courierId).toBe(refuser.id);
    expect(known(before.record, refuser.id)).toBeUndefined();
    expect(await learn()).toBeUndefined();

    const often = Array.from({ length: 80 }, (_, index) => (index % 3 === 0 ? "declined" : "expired"));
    await pastOffers(
      refuser.id,
      often.map((status, index) => (index % 2 === 0 ? "accepted" : status)),
    );
    // What was taken back is no answer.
    await pastOffers(
      taker.id,
      Array.from({ length: 160 }, (_, index) => (index % 2 === 0 ? "accepted" : "withdrawn")),
    );
    const made = await Promise.all([learn(), learn()]);
    expect(made.filter((version) => version !== undefined)).toEqual([1]);
    expect(await learn()).toBeUndefined();
    const [version] = await refusalVersions.readVersions(town.db.orm, MARKET);
    expect(refusalTrial.parse(version?.trials)).toMatchObject({ answers: 160, used: "learned" });

    const after = await asked();
    expect(after.courierId).toBe(taker.id);
    expect(known(after.record, refuser.id)?.answers).toBe(80);
    expect(known(after.record, refuser.id)?.permilleByWay[1]).toBeGreaterThan(350);
    expect(known(after.record, taker.id)?.permilleByWay[1]).toBeLessThan(80);
    expect(replay(after.record)).toEqual({ outcome: "equal" });
  },
  PATIENCE_MS,
);

test(
  "[DSP34] one command backs it out from the next round on, and what is learned later does not undo that",
  async () => {
    expect((await command("--none")).stdout).toContain("that everybody accepts in force (pinned");
    expect((await asked()).courierId).toBe(refuser.id);
    await town.clock.advance(24 * 3_600_000);
    await pastOffers(
      taker.id,
      Array.from({ length: 60 }, () => "accepted"),
    );
    expect(await learn()).toBe(2);
    expect((await asked()).courierId).toBe(refuser.id);
    // The same by the function behind the command: a program takes seconds to start.
    await refusalVersions.choose(town.db, MARKET, { use: 1 }, town.clock.nowMs());
    expect((await asked()).courierId).toBe(taker.id);
  },
  PATIENCE_MS,
);

test(
  "[DSP47] a stored version that cannot be read counts as none, and is complained of once, not each round",
  async () => {
    const nowMs = town.clock.nowMs();
    await town.db.sql`
      insert into refusal_models (market_id, version, format, created_at_ms, learned_until_ms, trials, models)
      select market_id, 99, format, ${nowMs}, ${nowMs}, trials, '{"answers":"many"}'
      from refusal_models where market_id = ${MARKET} and version = 1`;
    expect(town.warnings).toEqual([]);
    await refusalVersions.choose(town.db, MARKET, { use: 99 }, nowMs);
    for (let count = 0; count < 3; count++) {
      const { record } = await asked();
      expect(known(record, refuser.id)).toBeUndefined();
    }
    expect(town.warnings).toEqual([expect.stringContaining("cannot be read")]);
  },
  PATIENCE_MS,
);
