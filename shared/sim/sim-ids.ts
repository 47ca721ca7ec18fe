import type { Rng } from "../lib/rng.ts";
import { uuidV7 } from "../lib/uuid.ts";

/** Ids of version 7 from simulated time and a seeded source: the same run gives the same ids. */
export function makeSimIds(nowMs: () => number, rng: Rng): () => string {
  const random = new Uint8Array(10);
  return () => {
    for (let index = 0; index < random.length; index++) random[index] = Math.floor(rng() * 256);
    return uuidV7(nowMs(), random);
  };
}
