import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { runNode } from "../../deploy/local/run-tool.ts";
import type { BugHunt } from "./main.ts";
import { PLANTED_BUGS } from "./planted-bugs.ts";

const folder = mkdtempSync(join(tmpdir(), "tiffin-sim-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let hunts: readonly BugHunt[] = [];
// The bugs stand in by Node's own module loader, so in a process without another one.
beforeAll(async () => {
  const json = join(folder, "sim.json");
  await runNode(["load/sim/main.ts", "--schedules", "50", "--json", json]);
  // Cast: written by load/sim/main.ts.
  ({ hunts } = JSON.parse(readFileSync(json, "utf8")) as { readonly hunts: readonly BugHunt[] });
});

test("[SIM6] there are at least fifteen, each by its own name", () => {
  expect(new Set(PLANTED_BUGS.map(({ name }) => name)).size).toBe(PLANTED_BUGS.length);
  expect(PLANTED_BUGS.length).toBeGreaterThanOrEqual(15);
});

test.each(PLANTED_BUGS.map(({ name }) => name))("[SIM6] the simulator finds %s", (name) => {
  expect(hunts.find((hunt) => hunt.name === name)).toMatchObject({ found: true });
});
