import { setTimeout as delay } from "node:timers/promises";

import { busyCity } from "../faults/busy-city.ts";
import { emailOf, openOffice, REPLAY_MARKET, REPLAY_PASSWORD } from "../replay/cast.ts";
import type { ReplayInstance } from "../replay/instance.ts";
import { playInstance, type FaultHands } from "../replay/play-instance.ts";
import type { StageLinks } from "../replay/stage.ts";
import { preciseNowMs } from "../swarm/crowd/open-loop.ts";
import { phaseFigures } from "./availability.ts";
import { ExpandContract, type MigrationFigures } from "./expand-contract.ts";
import { openFrontDoor, type FrontDoor } from "./front-door.ts";
import { makeRolling, type Rolling } from "./rolling.ts";
import { lineOf, rolloutFiguresOf, type Phase, type PlayedRollout, type RolloutFigures } from "./rollout-figures.ts";
import { startProbes, type Probes } from "./start-probes.ts";

export interface PlayRolloutOptions {
  readonly seed: number;
  /** Wall minutes of the four phases together, at least. */
  readonly minutes: number;
  readonly hubs: number;
  readonly workers: number;
  /** An empty folder for everything that is kept. */
  readonly dir: string;
  /** Deployment seconds in a wall second. */
  readonly speed: number;
  /** Which of the phases, in their order; all where absent. */
  readonly only?: readonly string[];
  readonly tell: (sentence: string) => void;
  readonly signal?: AbortSignal;
}

export interface RolloutOutcome {
  readonly figures: RolloutFigures;
  /** What was wrong in words; the first of each. */
  readonly faults: readonly string[];
}

const REST_PER_S = 10;
const SOCKET_PER_S = 1;
/** The door asks each quarter of a second: so much and some is what a hub must go on for. */
const LEAVE_AFTER_MS = 1_500;
/** Orders under way before the first phase. */
const BUSY_WITH = 5;
/** Wall seconds for which orders are at hand beyond the phases' least: processes take their time to start. */
const AT_HAND_S = 420;
const TELL_EVERY_MS = 5_000;
const PROBES_OWN = "probes";

/**
 * Plays a small city through a front door, and a deploy beneath it: a quiet time, a rolling restart, an expand/contract
 * migration, and a deploy that is rolled back. What people get is measured from outside. Up and down by itself. [ROL7-ROL11]
 */
export async function playRollout(options: PlayRolloutOptions): Promise<RolloutOutcome> {
  const { seed, speed, minutes, dir, hubs, workers, tell, signal } = options;
  const door = await openFrontDoor();
  const instance = busyCity({ seed, speed, forS: minutes * 60 + AT_HAND_S });
  let played: PlayedRollout | undefined;
  try {
    const day = await playInstance({
      instance,
      speed,
      dir,
      hubs,
      workers,
      links: linksThrough(door),
      tell,
      ...(signal && { signal }),
      async faults(hands) {
        await hands.placed(BUSY_WITH);
        played = await playPhases(options, { hands, door, instance });
        hands.lastOrders();
        tell("the rollout is over; the orders under way are played to their end");
      },
    });
    if (played === undefined) throw new Error("the day was over before the rollout had begun");
    return { figures: rolloutFiguresOf(seed, played, day.figures), faults: day.faults };
  } finally {
    await door.close();
  }
}

/** Everybody comes through the door, and hubs leave it time to notice. */
function linksThrough(door: FrontDoor): StageLinks {
  return {
    doorUrl: door.url,
    async hubsFor(hubUrls) {
      door.lead(hubUrls);
      await Promise.all(hubUrls.map((url) => door.until(url, true)));
      return () => [door.url];
    },
    async envOf(name) {
      return name.startsWith("hub-") ? { LEAVE_AFTER_MS: String(LEAVE_AFTER_MS) } : {};
    },
  };
}

interface Stand {
  readonly hands: FaultHands;
  readonly door: FrontDoor;
  readonly instance: ReplayInstance;
}

async function playPhases(options: PlayRolloutOptions, stand: Stand): Promise<PlayedRollout> {
  const { hands, door } = stand;
  const probes = await probesAt(stand);
  const said = (sentence: string): void => options.tell(`  ${sentence}`);
  const rolling = makeRolling(hands.system, door, said, options.signal);
  const migrations: MigrationFigures[] = [];
  const work = phasesOf(rolling, async (meanwhile) => {
    migrations.push(await migrated(hands.system.databaseUrl, meanwhile, said));
  }).filter(([name]) => options.only?.includes(name) ?? true);
  const phases: Phase[] = [];
  const progress = setInterval(() => tellProgress(options, probes, phases), TELL_EVERY_MS);
  try {
    probes.begin();
    for (const [name, play] of work) {
      const leastMs = (options.minutes * 60_000) / work.length;
      options.tell(name);
      const fromMs = phases.at(-1)?.untilMs ?? preciseNowMs();
      // oxlint-disable-next-line no-await-in-loop -- one phase after the other
      await Promise.race([Promise.all([play(), delay(leastMs, undefined, { signal: options.signal })]), probes.broken]);
      phases.push({ name, fromMs, untilMs: preciseNowMs() });
    }
    await probes.end();
  } finally {
    clearInterval(progress);
    probes.kill();
  }
  const { results, held } = probes;
  for (const phase of phases) options.tell(lineOf(phase.name, phaseFigures(results, held, phase)));
  return { phases, results, held, migrations, replaced: rolling.replaced };
}

type Work = readonly (readonly [name: string, play: () => Promise<void>])[];

function phasesOf(rolling: Rolling, migrate: (meanwhile: () => Promise<void>) => Promise<void>): Work {
  return [
    ["quiet", async () => {}],
    ["rolling-restart", () => rolling.all()],
    ["expand-contract", () => migrate(() => rolling.all())],
    [
      "rollback",
      () =>
        migrate(async () => {
          // The new version is on its first machines when it is found to be bad.
          await rolling.first();
          await rolling.last();
        }),
    ],
  ];
}

/** Expands, lets the versions change, and takes away what is not needed any more. */
async function migrated(
  databaseUrl: string,
  meanwhile: () => Promise<void>,
  said: (sentence: string) => void,
): Promise<MigrationFigures> {
  const migration = new ExpandContract(databaseUrl);
  try {
    await migration.expand();
    said(`expanded: ${migration.figures.backfilledRows} rows filled in ${migration.figures.batches} batches`);
    await meanwhile();
    await migration.compare();
    await migration.contract();
    const { compared, differing, stoodBack } = migration.figures;
    said(`contracted: ${differing} of ${compared} rows differed, stood back ${stoodBack} times`);
    return migration.figures;
  } finally {
    await migration.close();
  }
}

/** A restaurant and a customer of the probes' own, so that they are in nobody's way. */
async function probesAt({ door, instance }: Stand): Promise<Probes> {
  const office = await openOffice({ hubUrls: [door.url], fetch });
  const [place] = instance.restaurants;
  if (!place) throw new Error(`the instance ${instance.name} has no restaurant`);
  const { restaurantId, itemId } = await office.addKitchen(place, `${PROBES_OWN}-kitchen`);
  await office.addCustomer(PROBES_OWN);
  return await startProbes({
    url: door.url,
    marketId: REPLAY_MARKET,
    restaurantId,
    itemId,
    point: { lat: place.lat, lng: place.lng },
    email: emailOf(PROBES_OWN),
    password: REPLAY_PASSWORD,
    restPerS: REST_PER_S,
    socketPerS: SOCKET_PER_S,
  });
}

function tellProgress({ tell }: PlayRolloutOptions, { results, held }: Probes, phases: readonly Phase[]): void {
  const untilMs = preciseNowMs();
  const fromMs = phases.at(-1)?.untilMs ?? 0;
  // What is under way is not known yet.
  const seen = results.filter(({ dueMs }) => dueMs >= fromMs);
  tell(lineOf("so far", phaseFigures(seen, held, { fromMs: fromMs || (seen[0]?.dueMs ?? untilMs), untilMs })));
}
