import { expect, test } from "vitest";

import { DEFAULT_SETTINGS } from "#shared/domain/dispatch/round.ts";
import { CATALOGUE, type CommandName } from "#shared/contracts/catalogue/catalogue.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import { mayCall } from "#shared/domain/rights/rights.ts";
import { as, liveMarket, MARKET, type LiveMarket } from "#shared/testing/live-market.ts";
import { testServices } from "#shared/testing/services.ts";
import { placeAt, SIM_MARKET, simTown } from "#shared/testing/sim-town.ts";
import { playScenes, type Stage, type Who } from "#shared/testing/stage-scenes.ts";

const services = await testServices();
const PASS_MS = 15_000;
/** Suggestions come by the clock of rounds, which the two stages let tick differently; moves.test.ts plays them. */
const ROUNDS = { ...DEFAULT_SETTINGS, moves: { ...DEFAULT_SETTINGS.moves, perRound: 0 } };

function liveStage(town: LiveMarket): Stage {
  const [near, far] = town.couriers.map(({ identity }) => identity);
  if (!near || !far) throw new Error("two couriers");
  const { customer, stranger, kitchen, support } = town;
  const cast: Record<Who, typeof customer> = { customer, stranger, kitchen, near, far, support };
  // Cast: the market of tests has the use cases of orders and deliveries, and scenes ask for no others.
  const cases = town.useCases as unknown as Record<CommandName, (caller: object, input: unknown) => Promise<never>>;
  return {
    marketId: MARKET,
    restaurantId: town.restaurantId,
    itemId: town.itemId,
    async ask(who, name, input, key) {
      // What both edges do before they call a use case.
      mayCall(cast[who], name, { marketId: MARKET });
      return cases[name](as(cast[who], key), CATALOGUE[name].input.parse(input));
    },
    async pay(secret, card) {
      // The provider's word, as actors hear it (load/actors/pay.ts).
      await town.pay(secret, card).catch((error: unknown) => {
        throw new Refusal("payment.refused", "the provider refused", { cause: error });
      });
    },
    async pass(forMs) {
      for (let leftMs = forMs; leftMs > 0; leftMs -= PASS_MS) {
        await town.clock.advance(Math.min(leftMs, PASS_MS));
        for (const sweep of Object.values(town.sweeps)) await sweep(town.clock.nowMs());
        await town.runJobs();
        await town.round(0, ROUNDS);
      }
    },
    nowMs: () => town.clock.nowMs(),
    events: () => town.announced,
  };
}

function simStage(): Stage {
  const { platform, kitchens, couriers, customers, supportId } = simTown({
    kitchens: [placeAt(0, 0)],
    couriers: 2,
    customers: 2,
    latency: [0, 0],
    rounds: ROUNDS,
    refreshEtasEveryMs: 0,
  });
  const [kitchen] = kitchens;
  const [customer = "", stranger = ""] = customers;
  const [near = "", far = ""] = couriers.map(({ personId }) => personId);
  if (!kitchen) throw new Error("a kitchen");
  const cast: Record<Who, string> = { customer, stranger, kitchen: kitchen.personId, near, far, support: supportId };
  const begunAt = platform.events().length;
  /** The menu was told to the restaurant's stream when the stage was set; the real one's was written straight into the store. */
  const toldBefore = platform.store.headOf({ marketId: SIM_MARKET, kind: "restaurant", id: kitchen.restaurantId });
  /** At the clock's present: with no latency nothing has to wait. */
  const now = async <T>(asked: Promise<T>): Promise<T> => {
    asked.catch(() => {});
    await platform.clock.advance(0);
    return asked;
  };
  return {
    marketId: SIM_MARKET,
    restaurantId: kitchen.restaurantId,
    itemId: kitchen.itemId,
    ask: (who, name, input, key) => now(platform.api(cast[who]).call(name, input, key === undefined ? {} : { key })),
    pay: (secret, card) => now(platform.pay(secret, card)),
    pass: (forMs) => platform.clock.advance(forMs),
    nowMs: () => platform.clock.nowMs(),
    events: () =>
      platform
        .events()
        .slice(begunAt)
        .map((event) => {
          const { restaurantSeq } = event;
          return { ...event, restaurantSeq: restaurantSeq === null ? null : restaurantSeq - toldBefore };
        }),
  };
}

test(
  "[SMP8] the same scenes tell and refuse the same on the platform in memory and on the real one",
  { timeout: 240_000 },
  async () => {
    const inMemory = await playScenes(simStage());
    const real = await playScenes(liveStage(await liveMarket(services.databaseUrl, { couriers: 2 })));
    expect(inMemory).toEqual(real);
    expect(Object.values(real).flat().length).toBeGreaterThan(100);
  },
);
