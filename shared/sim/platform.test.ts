import { createHash } from "node:crypto";

import { expect, test } from "vitest";

import { Refusal } from "#shared/contracts/errors.ts";
import { simDay } from "#shared/testing/sim-day.ts";
import { placeAt, SIM_MARKET, simTown } from "#shared/testing/sim-town.ts";

import { check } from "../../load/check/checker.ts";

const MINUTE_MS = 60_000;

async function played(seed: number) {
  const day = await simDay({
    seed,
    kitchens: 2,
    couriers: 3,
    customers: 3,
    orders: 6,
    minutes: 4,
    sideM: 1_500,
    recorded: true,
  });
  await day.clock.advance(60 * MINUTE_MS);
  return day;
}

const hashOf = (value: unknown) => createHash("sha256").update(JSON.stringify(value)).digest("hex");

test(
  "[SMP4] [SMP5] actors play a day to its end: every order delivered, nothing lost, the same again for the same seed",
  { timeout: 60_000 },
  async () => {
    const [day, again, other] = [await played(7), await played(7), await played(8)];
    const { platform, placed, recorder, refused } = day;
    expect(refused).toEqual([]);
    expect(placed).toHaveLength(6);
    expect(placed.map((one) => one.current().status)).toEqual(placed.map(() => "CONCLUDED"));
    const verdict = check({ watches: recorder?.log ?? [], stored: platform.events(), rights: [] });
    expect(verdict).toMatchObject({ lost: 0, doubled: 0, disordered: 0, leaked: 0, invented: 0, faults: [] });
    expect(verdict.owed).toBeGreaterThan(100);
    expect(recorder?.positions.length, "customers saw their couriers come").toBeGreaterThan(50);
    const held = platform.ledger().reduce((sum, entry) => sum + entry.amountMinor, 0);
    expect(held, "every booking balances").toBe(0);

    expect(hashOf(again.platform.events())).toBe(hashOf(platform.events()));
    expect(again.clock.ran).toBe(day.clock.ran);
    expect(hashOf(other.platform.events())).not.toBe(hashOf(platform.events()));
  },
);

test("[SMP6] what the simulated platform does not know it refuses, saying so; and wrong input as the API does", async () => {
  const { platform, customers } = simTown({ kitchens: [placeAt(0, 0)], couriers: 0, customers: 1 });
  const [customer = ""] = customers;
  const code = (ask: () => unknown) => {
    try {
      ask();
    } catch (error) {
      if (error instanceof Refusal) return `${error.code}: ${error.message}`;
      throw error;
    }
    return "nothing";
  };
  expect(code(() => platform.ask("addresses.list", {}, customer))).toBe(
    "route.not-found: the simulated platform does not know addresses.list",
  );
  expect(code(() => platform.ask("order.read", { marketId: SIM_MARKET, orderId: "none" }, customer))).toContain(
    "payload.invalid",
  );
  expect(code(() => platform.ask("ops.board", { marketId: SIM_MARKET }, customer))).toContain("right.missing");
  expect(code(() => platform.ask("ops.board", { marketId: SIM_MARKET }))).toContain("auth.missing");
});

test("[SMP7] a request and its answer are late by the latency that was asked for", async () => {
  const { platform } = simTown({ kitchens: [placeAt(0, 0)], couriers: 0, customers: 0, latency: [40, 40] });
  const startMs = platform.clock.nowMs();
  let tookMs: number | undefined;
  void platform
    .api()
    .call("markets.list", {})
    .then(() => void (tookMs = platform.clock.nowMs() - startMs));
  await platform.clock.advance(79);
  expect(tookMs).toBeUndefined();
  await platform.clock.advance(1);
  expect(tookMs).toBe(80);
});
