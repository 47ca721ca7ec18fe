import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, expect, test } from "vitest";

import { GOOD_WITHIN_MS } from "./availability.ts";
import { playRollout } from "./play-rollout.ts";
import { wrongIn } from "./rollout-figures.ts";

const dir = mkdtempSync(join(tmpdir(), "tiffin-rollout-"));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

test(
  "[ROL7] [ROL9] [ROL11] a deploy, a migration and a deploy that is taken back beneath a small city take nothing from anybody",
  { timeout: 420_000 },
  async () => {
    const said: string[] = [];
    const { figures, faults } = await playRollout({
      seed: 4,
      minutes: 0.2,
      hubs: 2,
      workers: 1,
      dir,
      speed: 60,
      tell: (sentence) => said.push(sentence),
    });
    // Late is what a crowded machine may make of an answer; refused, cut off or wrong is what a rollout would.
    const refused = figures.badProbes.filter(({ tookMs }) => tookMs < GOOD_WITHIN_MS);
    const wrong = wrongIn(figures).filter((sentence) => !/probes were bad/u.test(sentence));
    expect({ wrong, refused, faults }).toEqual({ wrong: [], refused: [], faults: [] });
    expect(Object.keys(figures.phases)).toEqual(["quiet", "rolling-restart", "expand-contract", "rollback"]);
    // Three at a time, twice; one hub and one worker there and back.
    expect(figures.replaced).toBe(3 + 3 + 2 + 2);
    expect(figures.migrations.map(({ compared, backfilledRows }) => compared > 0 && backfilledRows > 0)).toEqual([
      true,
      true,
    ]);
    expect(figures.delivered).toBeGreaterThan(0);
  },
);
