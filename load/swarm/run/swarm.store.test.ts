import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, expect, test } from "vitest";

import { runSwarm, type SwarmOutcome } from "./run-swarm.ts";

const dirs: string[] = [];
afterAll(() => {
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
});

function swarm(over: { withhold: boolean; recovery: boolean }): Promise<SwarmOutcome> {
  const dir = mkdtempSync(join(tmpdir(), "tiffin-swarm-test-"));
  dirs.push(dir);
  const options = {
    connections: 200,
    hubs: 2,
    crowds: 2,
    workers: 0,
    connectPerS: 200,
    commitsPerS: 12,
    restPerS: 10,
    minutes: 0.12,
    idleMinutes: 0.02,
    rampMinutes: 0.05,
    dir,
    tell: () => {},
    onProgress: () => {},
    ...over,
  };
  return runSwarm(options, new AbortController().signal);
}

test("[SWM6] [SWM7] a small swarm over real hubs loses, doubles, disorders and leaks nothing, and comes back after all hubs were killed", async () => {
  const { figures, troubles } = await swarm({ withhold: false, recovery: true });
  expect(figures, troubles.join("\n")).toMatchObject({
    connected: 200,
    unplannedDisconnects: 0,
    lost: 0,
    doubled: 0,
    disordered: 0,
    leaked: 0,
  });
  // Something was there to lose.
  expect(figures.commitsPerS).toBeGreaterThan(3);
  expect(figures.deliveriesPerS).toBeGreaterThan(3);
  for (const key of [
    "commitToClientP50Ms",
    "fixToScreenP99Ms",
    "restP99Ms",
    "recoverAllS",
    "redisMessagesPerPosition",
  ] as const) {
    expect(figures[key], key).toBeGreaterThan(0);
  }
}, 240_000);

test("[SWM6] an event that is withheld from one watcher's log is found", async () => {
  const { figures, troubles } = await swarm({ withhold: true, recovery: false });
  expect(figures, troubles.join("\n")).toMatchObject({
    lost: 1,
    doubled: 0,
    disordered: 0,
    leaked: 0,
    recoverAllS: null,
  });
  expect(troubles.join("\n")).toContain("lost: customer");
}, 240_000);
