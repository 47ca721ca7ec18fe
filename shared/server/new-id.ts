import { randomFillSync } from "node:crypto";

import { uuidV7 } from "../lib/uuid.ts";

/** Random bytes of one id. */
const BYTES = 10;
/** Asking the system's source costs far more than the bytes: those of many ids are asked for at once. */
const pool = new Uint8Array(BYTES * 256);
let at = pool.length;

/** A new id; the wall time in it only makes ids sort, nothing reads it. */
export function newId(): string {
  if (at === pool.length) {
    randomFillSync(pool);
    at = 0;
  }
  at += BYTES;
  return uuidV7(Date.now(), pool.subarray(at - BYTES, at));
}
