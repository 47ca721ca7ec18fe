import type { Command } from "../contracts/catalogue/command.ts";

/** Method, path, and whether it needs an `Idempotency-Key`. */
export type Route = readonly [method: Command["rest"]["method"], path: string, needsKey: boolean];
