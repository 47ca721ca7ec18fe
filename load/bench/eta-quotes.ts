/**
 * `npm run bench:eta-quotes`: what a quote's time costs when it comes from learned parts, against one from priors, turn by turn
 * in one process: asked anew each time, and asked again within what is kept. Prints ratios. Every part has trees, which is the dearest case; their outcomes are made up.
 */
import { ETA_PARTS } from "#shared/contracts/eta.ts";
import { fitPart, type PartModels } from "#shared/domain/eta/learned/part-model.ts";
import { learnedBeliefs } from "#shared/domain/eta/learned/learned-beliefs.ts";
import type { Outcome } from "#shared/domain/eta/learning/task.ts";
import { makeOrderEta, type OrderEta, type QuoteQuestion } from "#shared/domain/eta/order-eta.ts";
import { ETA_PRIORS, priorBeliefs, type EtaBeliefs } from "#shared/domain/eta/parts.ts";
import { makeLocalClock } from "#shared/domain/restaurant/opening-hours.ts";
import { haversineRouter } from "#shared/domain/router/haversine-router.ts";
import { seededRng } from "#shared/lib/rng.ts";

const OUTCOMES = 800;
const QUOTES = 1_500;
const TURNS = 7;
const NOW_MS = Date.UTC(2024, 0, 9, 12);
const HOUR_MS = 3_600_000;

/** Outcomes of any part: places, hours, kitchens and facts as they come, and a time that hangs on all of them. */
function madeUp(seed: number): Outcome[] {
  const rng = seededRng(seed);
  return Array.from({ length: OUTCOMES }, (_, index) => {
    const [items, load, way] = [1 + Math.floor(rng() * 5), Math.floor(rng() * 6), 100 + 900 * rng()];
    return {
      askedAtMs: NOW_MS - (OUTCOMES - index) * HOUR_MS,
      hourOfWeek: index % 168,
      from: { lat: 50, lng: 8 },
      to: { lat: 50 + rng() / 20, lng: 8 + rng() / 20 },
      way,
      subject: index % 2 === 0 ? "kitchen a" : "kitchen b",
      facts: [items, load],
      tookS: (way + 60 * items + 40 * load) * (0.8 + 0.4 * rng()),
    };
  });
}

function questions(seed: number): QuoteQuestion[] {
  const rng = seededRng(seed);
  return Array.from({ length: QUOTES }, (_, index) => ({
    nowMs: NOW_MS,
    kind: "delivery",
    restaurantId: index % 2 === 0 ? "kitchen a" : "kitchen b",
    prepMinutes: 10,
    items: 1 + Math.floor(rng() * 5),
    load: Math.floor(rng() * 6),
    from: { lat: 50, lng: 8 },
    to: { lat: 50 + rng() / 20, lng: 8 + rng() / 20 },
  }));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Microseconds a quote. */
function timed(eta: OrderEta, asked: readonly QuoteQuestion[]): number {
  const beganMs = performance.now();
  for (const each of asked) eta.quote(each);
  return ((performance.now() - beganMs) * 1000) / asked.length;
}

const models: PartModels = Object.fromEntries(
  ETA_PARTS.map((part, index) => [part, fitPart(part, "trees", madeUp(index))]),
);

const router = haversineRouter({ speedMps: 5, detour: 1.3 });
const etaBy = (beliefs: EtaBeliefs) =>
  makeOrderEta(
    () => router,
    { lat: 50, lng: 8 },
    () => beliefs,
  );
const kinds = {
  priors: () => etaBy(priorBeliefs()),
  learned: () => etaBy(learnedBeliefs(1, models, ETA_PRIORS, makeLocalClock("UTC"))),
};
const taken = { priors: [] as number[], learned: [] as number[], kept: [] as number[] };
for (let turn = 0; turn < TURNS; turn++) {
  const asked = questions(turn);
  taken.priors.push(timed(kinds.priors(), asked));
  const learned = kinds.learned();
  taken.learned.push(timed(learned, asked));
  taken.kept.push(timed(learned, asked));
}
const [priorsUs, learnedUs, keptUs] = [median(taken.priors), median(taken.learned), median(taken.kept)];
process.stdout.write(
  `${JSON.stringify(
    {
      priorsUs,
      learnedUs,
      keptUs,
      learnedOverPriors: learnedUs / priorsUs,
      keptOverPriors: keptUs / priorsUs,
      modelKb: JSON.stringify(models).length / 1024,
    },
    null,
    2,
  )}\n`,
);
