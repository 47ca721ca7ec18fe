import { beforeAll, expect, test } from "vitest";

import { liveMarket, type LiveMarket } from "#shared/testing/live-market.ts";
import { scenesOf, type Scenes } from "#shared/testing/order-scenes.ts";
import { testServices } from "#shared/testing/services.ts";

import { reconcile, sweep } from "./sweep.ts";

const services = await testServices();
let town: LiveMarket;
let scene: Scenes;

beforeAll(async () => {
  town = await liveMarket(services.databaseUrl, { couriers: 0 });
  scene = scenesOf(town);
});

const statusOf = async (orderId: string) => {
  const [row] = await town.db.sql<{ status: string }[]>`select status from orders where id = ${orderId}`;
  return row?.status;
};

const nothing = async () => {};
const deps = () => ({
  db: town.db,
  clock: town.clock,
  sweeps: town.sweeps,
  runJob: nothing,
  settle: town.settle,
  hintRound: () => {},
  log: { warn: () => {} },
});

test("[DLN4] payments that cannot be settled do not keep the reconciler from the one behind them", async () => {
  const placed = await Promise.all(Array.from({ length: 21 }, () => scene.place()));
  const behind = placed[20]?.id;
  await town.db.sql`update payments set status = 'pending'`;
  await town.db.sql`update payments set updated_at_ms = updated_at_ms + 1 where order_id = ${behind ?? ""}`;
  await town.clock.advance(60_000);
  const settled: string[] = [];
  const settle = async (_: string, orderId: string) => {
    if (orderId !== behind) throw new Error("the provider does not know it");
    settled.push(orderId);
  };
  for (let look = 0; look < 2; look++) await reconcile({ ...deps(), settle }, 30_000);
  expect(settled).toEqual([behind]);
  await town.db.sql`update payments set status = 'new'`;
});

test("[DLN3] one order that cannot be written keeps no other deadline from being kept", async () => {
  const stuck = await scene.place();
  const late = await scene.place();
  const unanswered = await scene.created();
  await town.db.sql.unsafe(`
    create function refuse_one() returns trigger language plpgsql as $$ begin
      if old.id = '${stuck.id}' then raise exception 'this row cannot be written'; end if;
      return new;
    end $$;
    create trigger refuse_one before update on orders for each row execute function refuse_one();`);
  await town.clock.advance(20 * 60_000);
  const swept = sweep(deps());
  await expect(swept).rejects.toThrow(AggregateError);
  expect(await statusOf(stuck.id)).toBe("PENDING_PAYMENT");
  expect(await statusOf(late.id)).toBe("CANCELLED");
  expect(await statusOf(unanswered.orderId)).toBe("REJECTED");
});
