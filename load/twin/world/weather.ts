import { between, type Decide } from "./chance.ts";
import { RAIN } from "./parameters.ts";

/** How hard it rains at a deployment time, 0 (dry) to 1. The same for the same seed, whenever it is asked. */
export type Weather = (atMs: number) => number;

const MINUTE_MS = 60_000;
const BLOCK_MS = 6 * 60 * MINUTE_MS;

/** Spells of rain: at most one begins in each six hours, rises to its middle and falls again. [TWN3] */
export function weatherOf(decide: Decide): Weather {
  const rainOf = (block: number, atMs: number): number => {
    const rng = decide("sky", "spell", block);
    if (rng() >= RAIN.spellChance) return 0;
    const beginMs = block * BLOCK_MS + rng() * BLOCK_MS;
    const lastsMs = between(rng, ...RAIN.spellMin) * MINUTE_MS;
    const share = (atMs - beginMs) / lastsMs;
    return share <= 0 || share >= 1 ? 0 : between(rng, 0.3, 1) * Math.sin(Math.PI * share);
  };
  return (atMs) => {
    const block = Math.floor(atMs / BLOCK_MS);
    return Math.max(rainOf(block, atMs), rainOf(block - 1, atMs));
  };
}
