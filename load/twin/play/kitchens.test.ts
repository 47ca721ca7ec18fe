import { expect, test } from "vitest";

import { haversineRouter } from "#shared/domain/router/haversine-router.ts";
import { seededRng } from "#shared/lib/rng.ts";
import { makeSimPlatform } from "#shared/sim/platform.ts";
import { makeSimIds } from "#shared/sim/sim-ids.ts";

import { MARKET, openTown, TWIN_ADMIN } from "../run/office.ts";
import { paceOf } from "../world/pace.ts";
import { STRAIGHT_WAYS } from "../world/ways.ts";
import { startTwin } from "./twin.ts";
import { makeWorld } from "./world.ts";

const center = { lat: -34.9, lng: -56.17 };
const HANDS = 4;

test("[TWN14] a kitchen that may not see its restaurant is told of and left out, and nobody waits for it", async () => {
  const platform = makeSimPlatform({
    seed: 1,
    market: { ...MARKET, center, router: haversineRouter({ speedMps: 6, detour: 1.3 }) },
  });
  const { clock } = platform;
  const newId = makeSimIds(() => clock.nowMs(), seededRng(2));
  const adminId = platform.person(TWIN_ADMIN, { role: "admin", marketId: MARKET.id, restaurantId: null });
  const door = {
    admin: { call: (name, input) => Promise.resolve(platform.ask(name, input, adminId)) },
    register: (account) => Promise.resolve(platform.session(platform.ask("account.register", account).person.id)),
    signIn: ({ email, password }) =>
      Promise.resolve(platform.session(platform.ask("session.open", { email, password }).person.id)),
    newId,
  } satisfies Parameters<typeof openTown>[0]["door"];
  const restaurants = Array.from({ length: HANDS + 2 }, (_, index) => ({
    name: `Comedor ${index}`,
    cuisine: "burger",
    addressLine: "Here 1",
    point: center,
  }));
  const { cast } = await openTown({ door, tell: () => {} }, { center, restaurants, couriers: [], customers: [] });
  // As many as there are hands are told to cook at somebody else's: whoever waits for one of them waits for ever.
  const own = cast.kitchens.map(({ restaurantId }) => restaurantId);
  const kitchens = cast.kitchens.map((each, index) =>
    index < HANDS ? { ...each, restaurantId: own.at(index - 1) ?? each.restaurantId } : each,
  );
  const told: string[] = [];
  const twin = startTwin({
    stage: {
      marketId: MARKET.id,
      cast: { ...cast, kitchens },
      clock,
      means: { patience: clock, newKey: newId },
      pay: () => Promise.reject(new Error("nobody orders here")),
    },
    world: makeWorld({ seed: 1, timeZone: MARKET.timeZone, ways: STRAIGHT_WAYS, pace: paceOf(1) }),
    perHour: 0,
    fromMs: clock.nowMs(),
    untilMs: clock.nowMs() + 1,
    fixEveryMs: 10_000,
    tell: (sentence) => void told.push(sentence),
  });
  let ready = false;
  void twin.ready.then(() => (ready = true));
  await clock.advance(60_000);
  expect(ready).toBe(true);
  expect(told.toSorted()).toEqual(
    kitchens.slice(0, HANDS).map(({ name }) => `${name} does not cook: no such stream for you`),
  );
  twin.close();
});
