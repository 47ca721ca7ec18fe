import { LINK_KINDS } from "./link-kinds.ts";
import { PROCESS_KINDS } from "./process-kinds.ts";
import type { FaultKind } from "./scene.ts";

/** Every kind of fault, by name. */
export const FAULT_KINDS: readonly FaultKind[] = [...PROCESS_KINDS, ...LINK_KINDS];
