import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";

import { CARRYING } from "#shared/domain/tracking/carriage.ts";

import type { LoggedWatch } from "../../actors/recorder.ts";
import { check, type PositionRight, type Verdict } from "../../check/checker.ts";
import { commitToClientMs } from "../../replay/day-evidence.ts";
import { readEvents, type CommittedEvent } from "../../replay/read-day.ts";
import type { CrowdReport } from "../crowd/crowd.ts";
import { customerOf, idOf } from "../plan.ts";
import { Histogram } from "../histogram.ts";
import type { Stage } from "./stage.ts";

export interface Judged {
  readonly verdict: Verdict;
  readonly events: readonly CommittedEvent[];
  /** From the commit's own stamp to each watcher's handler, by the commit's time. */
  readonly commitToClientMs: Histogram;
  readonly log: readonly LoggedWatch[];
}

/**
 * Holds what every watcher was given against the event table. [SWM6]
 *
 * @param sinceMs epoch ms: of what was committed earlier it is not told how long it took
 */
export async function judge(stage: Stage, reports: readonly CrowdReport[], sinceMs = 0): Promise<Judged> {
  const [events, log] = await Promise.all([readEvents(stage.db), readLogs(stage.logFiles)]);
  const leaks = reports.flatMap((report) => report.leaks);
  const verdict = check({
    watches: log,
    stored: events,
    rights: [],
    positions: reports.flatMap(({ lastShown }) =>
      lastShown.map(({ personId, ...shown }) => ({ ...shown, viewer: { as: "customer" as const, personId } })),
    ),
    positionRights: positionRights(stage, events),
    rawGaps: reports.reduce((sum, { state }) => sum + state.rawGaps, 0),
  });
  const heard = new Histogram();
  const measured = events.filter(({ committedWallMs }) => committedWallMs >= sinceMs);
  for (const ms of commitToClientMs(measured, log, (atMs) => atMs)) heard.add(ms);
  return {
    verdict: { ...verdict, leaked: verdict.leaked + leaks.length, faults: [...verdict.faults, ...leaks.slice(0, 20)] },
    events,
    commitToClientMs: heard,
    log,
  };
}

/** A customer may see the courier from the start, as the food is under way then, until the end was committed. */
function positionRights({ plan }: Stage, events: readonly CommittedEvent[]): PositionRight[] {
  const ended = new Map<string, number>();
  for (const { orderId, payload, committedWallMs } of events) {
    // Cast: the writers put an order's patch here, or nothing.
    const order = payload["order"] as { readonly delivery?: { readonly status?: unknown } } | undefined;
    const status = order?.delivery?.status;
    if (orderId === null || status === undefined || (CARRYING as readonly unknown[]).includes(status)) continue;
    ended.set(orderId, Math.min(ended.get(orderId) ?? Number.POSITIVE_INFINITY, committedWallMs));
  }
  return Array.from({ length: plan.carried }, (_, order) => {
    const orderId = idOf("order", order);
    const endMs = ended.get(orderId);
    const right = { personId: idOf("customer", customerOf(order)), orderId, fromMs: 0 };
    return endMs === undefined ? right : { ...right, toMs: Math.ceil(endMs) };
  });
}

async function readLogs(files: readonly string[]): Promise<LoggedWatch[]> {
  const log: LoggedWatch[] = [];
  for (const file of files) {
    // oxlint-disable-next-line no-await-in-loop -- one file after the other
    for await (const line of createInterface({ input: createReadStream(file, "utf8") })) {
      log.push(JSON.parse(line) as LoggedWatch); // Cast: written by our own process, of this version.
    }
  }
  return log;
}
