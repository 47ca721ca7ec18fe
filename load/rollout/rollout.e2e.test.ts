import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, expect, test } from "vitest";

import { GOOD_WITHIN_MS } from "./availability.ts";
import { playRollout } from "./play-rollout.ts";
import { wrongIn } from "./rollout-figures.ts";

const dir = mkdtempSync(join(tmpdir(), "tiffin-rollout-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test.skipIf(!process.env["LONG_TESTS"])(
  "[ROL7] [ROL9] [ROL11] a migration around a rolling restart beneath a small city takes nothing from anybody (skipped without LONG_TESTS=1: it takes two minutes)",
  { timeout: 420_000 },
  async () => {
    const said: string[] = [];
    const { figures, faults } = await playRollout({
      seed: 4,
      minutes: 0.1,
      hubs: 2,
      workers: 1,
      dir,
      speed: 60,
      only: ["quiet", "expand-contract"],
      tell: (sentence) => said.push(sentence),
    });
    // Late is what a crowded machine may make of an answer; refused, cut off or wrong is what a rollout would.
    const refused = figures.badProbes.filter(({ tookMs }) => tookMs < GOOD_WITHIN_MS);
    const wrong = wrongIn(figures).filter((sentence) => !/probes were bad/u.test(sentence));
    expect({ wrong, refused, faults }).toEqual({ wrong: [], refused: [], faults: [] });
    expect(Object.keys(figures.phases)).toEqual(["quiet", "expand-contract"]);
    expect(figures.replaced).toBe(3);
    expect(figures.migrations.map(({ compared, backfilledRows }) => compared > 0 && backfilledRows > 0)).toEqual([
      true,
    ]);
    expect(figures.delivered).toBeGreaterThan(0);
  },
);
