import { readdirSync, readFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { processNow } from "./process-id.ts";
import { startSystem } from "./system.ts";
import type { RunningSystem } from "./system.ts";

const dir = mkdtempSync(join(tmpdir(), "tiffin-system-"));
const said: string[] = [];
let system: RunningSystem;

beforeAll(async () => {
  system = await startSystem({ dir, hubs: 2, workers: 1, payments: "sandbox", tell: (line) => said.push(line) });
});
afterAll(async () => {
  await system.stop();
  rmSync(dir, { recursive: true, force: true });
});

const isLive = async (url: string): Promise<boolean> => (await fetch(new URL("/healthz", url))).ok;

/** Every process whose command line or environment names our data folder. */
function processesOf(folder: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/u.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(folder) && processNow(Number(pid)) !== undefined;
      } catch {
        return false; // Ended while we looked.
      }
    })
    .map(Number);
}

test("[LOC8] everything that was promised is up", async () => {
  expect(system.names.toSorted()).toEqual(
    ["hub-0", "hub-1", "postgres", "redis-live", "redis-queue", "sandbox", "worker-0"].toSorted(),
  );
  for (const url of system.hubUrls) expect(await isLive(url)).toBe(true);
});

test("[LOC6] a hub that is killed from outside comes back on its port", async () => {
  const before = system.pid("hub-0");
  process.kill(before, "SIGKILL");
  await expect.poll(() => said.includes("hub-0 restarted"), { timeout: 30_000 }).toBe(true);
  expect(system.pid("hub-0")).not.toBe(before);
  expect(await isLive(system.hubUrls[0] ?? "")).toBe(true);
});

test("[LOC7] a worker that was killed on purpose stays down until it is asked for again", async () => {
  const before = system.pid("worker-0");
  await system.kill("worker-0");
  expect(processNow(before)).toBeUndefined();
  expect(said.filter((line) => line.startsWith("worker-0"))).toEqual([]);
  await system.restart("worker-0");
  expect(processNow(system.pid("worker-0"))).toBeDefined();
});

test("[LOC7] Postgres and Redis come back on their ports with their data, and the hubs go on", async () => {
  for (const name of ["postgres", "redis-live", "redis-queue"]) {
    await system.kill(name);
    await system.restart(name);
  }
  for (const url of system.hubUrls) expect(await isLive(url)).toBe(true);
});

test("[LOC16] a hub that joins takes work under a name of its own, and one that retires is gone for good", async () => {
  const { name, url } = await system.join("hub");
  expect(name).toBe("hub-2");
  expect(await isLive(url)).toBe(true);
  const pid = system.pid(name);
  await system.retire(name);
  expect(processNow(pid)).toBeUndefined();
  expect(system.names).not.toContain(name);
  expect((await system.join("worker")).name).toBe("worker-1");
});

test("[LOC9] when a process does not come up, the others are stopped and the failure is told", async () => {
  const other = mkdtempSync(join(tmpdir(), "tiffin-system-"));
  const broken = startSystem({
    dir: other,
    hubs: 1,
    workers: 0,
    payments: "sandbox",
    env: { JWT_SECRET: "short" },
  });
  await expect(broken).rejects.toThrow(/hub-0 did not start.*JWT_SECRET/su);
  expect(processesOf(other)).toEqual([]);
  rmSync(other, { recursive: true, force: true });
});

test("[LOC8] a stop leaves no process", async () => {
  const pids = system.names.map((name) => system.pid(name));
  await system.stop();
  expect(pids.filter((pid) => processNow(pid) !== undefined)).toEqual([]);
  expect(processesOf(dir)).toEqual([]);
});
