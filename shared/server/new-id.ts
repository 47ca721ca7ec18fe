import { randomBytes } from "node:crypto";

import { uuidV7 } from "../lib/uuid.ts";

/** A new id; the wall time in it only makes ids sort, nothing reads it. */
export function newId(): string {
  return uuidV7(Date.now(), randomBytes(10));
}
