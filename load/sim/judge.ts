import { seqIn, type StoredEvent } from "#shared/contracts/streams.ts";

import { check, type StreamRight, type Verdict, type WatchedStream } from "../check/checker.ts";
import { COOK, KITCHEN, STAFF_ADDED } from "./people.ts";
import type { WatchedOnce, Watcher } from "./watcher.ts";
import type { World } from "./world.ts";

/** What was wrong with one schedule, in words; none: it is clean. */
export type Violations = readonly string[];

/** A calm event is there this long after its commit, or after the watch began, ms. */
const PROMPT_MS = 250;

/** Those who may watch and do not stand where their stream does, and those who may not and still watch. */
export function behindIn(world: World): Violations {
  return world.watchers
    .filter((watcher) => !caughtUp(world, watcher))
    .map(({ person, position }) => `stuck: ${person.name} at ${position?.epoch} ${position?.seq}`);
}

function caughtUp({ postgres }: World, { person, position, shut }: Watcher): boolean {
  if (person === COOK && !postgres.isStaff(person.personId)) return shut;
  return position?.epoch === `history-${postgres.epoch}` && position.seq === postgres.head(person.watches);
}

/** The verdict of a schedule: the checker's, the wire's, that everybody caught up, and that calm events came at once. [SIM3-SIM5] */
export function judge(world: World, promptFromMs: number): Violations {
  return [
    ...faultsOf(verdictOf(world)),
    ...earlierHistories(world),
    ...world.wire.faults.map((fault) => `wire: ${fault}`),
    ...behindIn(world),
    ...late(world, promptFromMs),
  ];
}

function faultsOf({ lost, doubled, disordered, leaked, invented, faults }: Verdict): readonly string[] {
  return lost + doubled + disordered + leaked + invented > 0 ? faults : [];
}

/** The checker over the last history, against what the store holds of it. */
function verdictOf(world: World): Verdict {
  const stored = world.postgres.rows.map(({ event }) => event);
  const rights = rightsOf(stored);
  const epoch = `history-${world.postgres.epoch}`;
  const watches = world.watchers
    .flatMap(({ log }) => log)
    .filter(({ entry }) => entry.epoch === epoch)
    .map((once) => asWatched(once, rights));
  return check({ watches, stored, rights });
}

/**
 * What the cook may see: the staff's changes open and close it. Who asks again after the end is refused, and is not owed
 * what came between the lost connection and the end: a right is asked at the join.
 */
function rightsOf(stored: readonly StoredEvent[]): StreamRight[] {
  const rights: { personId: string; stream: typeof KITCHEN; fromSeq: number; toSeq?: number }[] = [];
  let open = { personId: COOK.personId, stream: KITCHEN, fromSeq: 0 };
  let isOpen = true;
  for (const event of stored.toSorted((a, b) => (seqIn(a, KITCHEN) ?? 0) - (seqIn(b, KITCHEN) ?? 0))) {
    const seq = seqIn(event, KITCHEN);
    if (seq === undefined) continue;
    if (event.type === "staff.removed" && isOpen) rights.push({ ...open, toSeq: seq });
    if (event.type === STAFF_ADDED && !isOpen) open = { ...open, fromSeq: seq };
    if (event.type === "staff.removed") isOpen = false;
    if (event.type === STAFF_ADDED) isOpen = true;
  }
  if (isOpen) rights.push(open);
  return rights;
}

function asWatched({ entry, refused }: WatchedOnce, rights: readonly StreamRight[]): WatchedStream {
  const { closedSeq } = entry;
  if (!refused || closedSeq === undefined) return entry;
  const ended = rights.some(({ personId, toSeq }) => personId === entry.viewer.personId && (toSeq ?? 0) > closedSeq);
  return ended ? { ...entry, leftSeq: closedSeq } : entry;
}

/** In a history that has ended a handler got each seq after the other; which rows those were the store does not hold any more. */
function earlierHistories(world: World): string[] {
  return world.watchers.flatMap(({ person, log }) =>
    log
      .filter(({ entry }) => entry.epoch !== `history-${world.postgres.epoch}`)
      .filter(({ entry }) => entry.events.some(({ seq }, index) => seq !== entry.snapshotSeq + index + 1))
      .map(({ entry }) => `disordered: ${person.name} in ${entry.epoch} after ${entry.snapshotSeq}`),
  );
}

/** Events that were committed from then on and came late although nothing failed: something else than the way itself brought them. */
function late({ postgres, watchers }: World, fromMs: number): string[] {
  const committed = new Map(postgres.rows.map(({ event, atMs }) => [event.id, atMs]));
  return watchers.flatMap(({ person, log }) =>
    log.flatMap(({ entry, openedAtMs }) =>
      entry.events.flatMap(({ id, seq, heardAtMs }) => {
        const atMs = committed.get(id);
        if (atMs === undefined || atMs < fromMs || heardAtMs <= Math.max(atMs, openedAtMs) + PROMPT_MS) return [];
        return [`late: ${person.name} seq ${seq}, ${heardAtMs - atMs} ms after its commit`];
      }),
    ),
  );
}
