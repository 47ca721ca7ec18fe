import { expect, test } from "vitest";

import type { MoveSuggestion } from "#shared/contracts/views.ts";
import { distanceM } from "#shared/domain/geo/distance.ts";
import { assert } from "#shared/lib/assert.ts";
import { simDay } from "#shared/testing/sim-day.ts";

import { check } from "../../load/check/checker.ts";

const STEP_MS = 10_000;
const MINUTES = 100;

test(
  "[ACT6] [DSP28] [DSP29] couriers without work are told where orders come from, go there, and lose no order by it",
  { timeout: 60_000 },
  async () => {
    const town = { kitchens: 3, couriers: 9, customers: 4, orders: 10, minutes: 30, sideM: 9_000 };
    const { platform, placed, recorder, refused, actors, couriers, clock } = await simDay({
      seed: 11,
      ...town,
      recorded: true,
    });
    const toldOf = (type: string) => platform.events().filter((event) => event.type === type);
    let arrived = 0;
    for (let step = 0; step < (MINUTES * 60_000) / STEP_MS; step++) {
      await clock.advance(STEP_MS);
      for (const { courierId, courierSeq } of toldOf("suggestion.arrived").slice(arrived)) {
        const made = toldOf("suggestion.made").findLast(
          (each) => each.courierId === courierId && (each.courierSeq ?? 0) < (courierSeq ?? 0),
        );
        const actor = actors[couriers.findIndex(({ id }) => id === courierId)];
        assert(made && actor, "who arrives was told where");
        // Cast: what the platform tells.
        const { point } = made.payload["suggestion"] as MoveSuggestion;
        expect(distanceM(actor.place(), point)).toBeLessThan(250);
        arrived++;
      }
    }
    expect(refused).toEqual([]);
    expect(placed.map((one) => one.current().status)).toEqual(placed.map(() => "CONCLUDED"));
    expect(arrived).toBeGreaterThan(0);
    const made = toldOf("suggestion.made");
    // Nobody is told who has an offer to answer.
    for (const { courierId, courierSeq } of made) {
      const before = platform.events().filter((each) => each.courierId === courierId && each.courierSeq !== null);
      const last = before.findLast(
        (each) => (each.courierSeq ?? 0) < (courierSeq ?? 0) && each.type.startsWith("offer."),
      );
      expect(last?.type).not.toBe("offer.made");
    }
    const ended = platform.events().filter(({ type }) => /^suggestion\.(?!made)/u.test(type));
    expect(ended.length).toBeLessThanOrEqual(made.length);
    const verdict = check({ watches: recorder?.log ?? [], stored: platform.events(), rights: [] });
    expect(verdict).toMatchObject({ lost: 0, doubled: 0, disordered: 0, leaked: 0, invented: 0, faults: [] });
  },
);
