import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, expect, test } from "vitest";

import { verdictOf } from "../check/verdict.ts";
import { scheduleOf } from "./draw.ts";
import { wrongIn } from "./fault-figures.ts";
import { FAULT_KINDS } from "./kinds.ts";
import { playFaults } from "./play-faults.ts";

const dir = mkdtempSync(join(tmpdir(), "tiffin-faults-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const PLAYED = ["clients-hub-reset", "hub-redis-half-open", "redis-live-connections-killed"];

/** The log without the last event that some watcher was given. */
function withoutOneEvent(log: string): string {
  const lines = log.trimEnd().split("\n");
  const at = lines.findLastIndex((line) => line.includes('"kind":"event"'));
  expect(at).toBeGreaterThan(0);
  return lines.toSpliced(at, 1).join("\n");
}

test(
  "[FLT5] [FLT7] [FLT8] three faults beneath a small city: nothing is lost, and one event taken from a watcher's log is found",
  { timeout: 240_000 },
  async () => {
    const schedule = scheduleOf(
      3,
      FAULT_KINDS.filter(({ name }) => PLAYED.includes(name)),
    );
    const { figures, faults } = await playFaults({ seed: 3, schedule, dir, speed: 60, tell: () => {} });
    expect({ wrong: wrongIn(figures), faults }).toEqual({ wrong: [], faults: [] });
    expect(figures).toMatchObject({ seed: 3, kinds: 3, lost: 0, doubled: 0, disordered: 0, leaked: 0 });
    expect(figures.rows.map(({ name }) => name).toSorted()).toEqual(PLAYED.toSorted());
    expect(figures.delivered).toBeGreaterThan(0);

    const events = join(dir, "events.ndjson");
    const log = join(dir, "watchers.ndjson");
    expect(await verdictOf({ logs: [log], events })).toMatchObject({ lost: 0 });
    const cut = join(dir, "cut.ndjson");
    writeFileSync(cut, withoutOneEvent(readFileSync(log, "utf8")));
    expect(await verdictOf({ logs: [cut], events })).toMatchObject({ lost: 1, doubled: 0, disordered: 0, leaked: 0 });
  },
);
