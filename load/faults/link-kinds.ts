import { Refusal } from "#shared/contracts/errors.ts";

import { REPLAY_MARKET } from "../replay/cast.ts";
import { pick } from "./draw.ts";
import type { LinkFault } from "./link-fault.ts";
import type { FaultKind, Hold, Scene } from "./scene.ts";

const SHORT: Hold = { fromMs: 2_000, toMs: 5_000 };
/** What people do to their own connections takes longer. */
const AWAY: Hold = { fromMs: 15_000, toMs: 25_000 };

interface LinkGroup {
  readonly name: string;
  readonly what: string;
  /** The links of one such group; which of them are hit is the draw's. */
  readonly which: (scene: Scene) => RegExp;
}

function ofProcesses(scene: Scene, kind: "hub" | "worker", store: string): RegExp {
  return new RegExp(`^(?:${scene.some(kind).join("|")})>${store}`, "u");
}

const GROUPS: readonly LinkGroup[] = [
  {
    name: "clients-hub",
    what: "between everybody and a hub, or all",
    which: (scene) => new RegExp(`^[a-z]+>(?:${scene.some("hub").join("|")})$`, "u"),
  },
  { name: "hub-redis", what: "between a hub, or all, and both Redis", which: (s) => ofProcesses(s, "hub", "redis") },
  {
    name: "hub-postgres",
    what: "between a hub, or all, and Postgres",
    which: (s) => ofProcesses(s, "hub", "postgres"),
  },
  {
    name: "worker-redis",
    what: "between a worker, or all, and both Redis",
    which: (s) => ofProcesses(s, "worker", "redis"),
  },
  {
    name: "worker-postgres",
    what: "between a worker, or all, and Postgres",
    which: (s) => ofProcesses(s, "worker", "postgres"),
  },
];

interface LinkHurt {
  readonly name: string;
  readonly what: string;
  /** Undefined: connections are reset, again and again. */
  readonly fault: ((scene: Scene) => LinkFault) | undefined;
}

const HURTS: readonly LinkHurt[] = [
  {
    name: "latency",
    what: "every byte 150 ms late and up to 150 ms more, either way",
    fault: () => ({ kind: "latency", ms: 150, jitterMs: 150 }),
  },
  {
    name: "slices",
    what: "pieces of 37 bytes, one a millisecond",
    fault: () => ({ kind: "slices", bytes: 37, everyMs: 1 }),
  },
  { name: "bandwidth", what: "20 kB a second either way", fault: () => ({ kind: "bandwidth", bytesPerS: 20_000 }) },
  { name: "reset", what: "all connections reset twice a second", fault: undefined },
  { name: "black-hole", what: "accepted, and silence", fault: () => ({ kind: "black-hole" }) },
  {
    name: "half-open",
    what: "one end of each connection is gone and the other is not told",
    fault: ({ draw }) => ({ kind: "half-open", gone: draw.other < 0.5 ? "server" : "client" }),
  },
  { name: "refuse", what: "all connections reset, and nobody listens", fault: () => ({ kind: "refuse" }) },
];

/** A fault on links for as long as it holds. */
async function hurt(scene: Scene, which: RegExp, fault: LinkFault): Promise<void> {
  scene.tell(`${JSON.stringify(fault)} on ${scene.links.names.filter((name) => which.test(name)).join(", ")}`);
  await scene.links.set(which, fault);
  try {
    await scene.hold();
  } finally {
    await scene.links.set(which, undefined);
  }
}

async function resetAgain(scene: Scene, which: RegExp): Promise<void> {
  let count = 0;
  await scene.everyWhile(500, () => void (count += scene.links.reset(which)));
  scene.tell(`${count} connections reset on ${scene.links.names.filter((name) => which.test(name)).join(", ")}`);
}

const onEachLink = (): FaultKind[] =>
  GROUPS.flatMap((group) =>
    HURTS.map(({ name, what, fault }) => ({
      name: `${group.name}-${name}`,
      what: `${group.what}: ${what}`,
      hold: SHORT,
      run: (scene: Scene) =>
        fault ? hurt(scene, group.which(scene), fault(scene)) : resetAgain(scene, group.which(scene)),
    })),
  );

const ALL_PEOPLE = /^(?:customers|kitchens|couriers|office)>/u;

async function storm(scene: Scene): Promise<void> {
  for (let times = 0; times < 3; times += 1) {
    scene.tell(`${scene.links.reset(ALL_PEOPLE)} connections reset at once`);
    // oxlint-disable-next-line no-await-in-loop -- one storm after the other
    await scene.wait(scene.holdMs);
  }
}

/**
 * Couriers and customers hear everything late; meanwhile the office takes deliveries from couriers who are on their way, and
 * orders come to their end.
 */
async function rightsTaken(scene: Scene): Promise<void> {
  const { db, cast } = scene.hands;
  const which = /^(?:customers|couriers)>/u;
  let taken = 0;
  /** Whether anything has been taken so far. */
  const takeOne = async (): Promise<boolean> => {
    const open = await db.sql<{ id: string }[]>`
      select id from deliveries where status in ('ACCEPTED', 'PICKUP_ONGOING', 'ARRIVED_AT_MERCHANT') order by id`;
    if (open.length === 0) return taken > 0;
    const deliveryId = pick(open, scene.draw.other).id;
    const input = { marketId: REPLAY_MARKET, deliveryId, reason: "Another courier is nearer." };
    try {
      await cast.operator.api.call("delivery.unassign", input);
      taken += 1;
    } catch (error) {
      // Picked up meanwhile: too late is an answer, too.
      if (!(error instanceof Refusal)) throw error;
    }
    return taken > 0;
  };
  await scene.links.set(which, { kind: "latency", ms: 800, jitterMs: 800 });
  try {
    await scene.everyWhile(400, takeOne);
    // Nobody was on their way yet.
    await scene.until(async () => taken > 0 || (await takeOne()));
  } finally {
    await scene.links.set(which, undefined);
  }
  scene.tell(`${taken} deliveries taken from their couriers, who heard of it up to 1.6 s late`);
}

/** What happens between processes, and between people and hubs. */
export const LINK_KINDS: readonly FaultKind[] = [
  ...onEachLink(),
  {
    name: "phones-offline",
    what: "the phones of couriers and customers find no network for a long while (at 60 deployment seconds a second a quarter of an hour and more)",
    hold: AWAY,
    run: (scene) => hurt(scene, /^(?:couriers|customers)>/u, { kind: "refuse" }),
  },
  {
    name: "phones-out-of-reach",
    what: "the network of couriers and customers swallows everything, until their clients take the hub for dead",
    hold: { fromMs: 59_000, toMs: 63_000 },
    run: (scene) => hurt(scene, /^(?:couriers|customers)>/u, { kind: "black-hole" }),
  },
  {
    name: "reconnect-storm",
    what: "everybody's connection is reset at once, three times",
    hold: { fromMs: 500, toMs: 2_000 },
    run: storm,
  },
  {
    name: "slow-reader",
    what: "operators and kitchens read 400 bytes a second",
    hold: { fromMs: 8_000, toMs: 15_000 },
    run: (scene) => hurt(scene, /^(?:office|kitchens)>/u, { kind: "bandwidth", bytesPerS: 400 }),
  },
  {
    name: "rights-taken",
    what: "deliveries are taken from couriers and orders end while positions and events are late under way",
    hold: { fromMs: 6_000, toMs: 10_000 },
    run: rightsTaken,
  },
];
