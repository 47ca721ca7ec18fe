import type { CourierState } from "#shared/contracts/views.ts";

import { unsent, type OutboxState, type Queued } from "./outbox.ts";

/** What a phone knows of its courier without a connection: the work as last told, and what was said since. */
export interface Kept {
  readonly courier: CourierState;
  readonly heardAtMs: number;
  readonly queue: readonly Queued[];
}

/** The number counts forms: a form that an older version has written is not read. */
const KEY = "tiffin.courier.1";

/** Keeps it for one person, in the browser's storage. */
export function keptFor(storage: Storage, personId: string) {
  const key = `${KEY}.${personId}`;
  return {
    read(): Kept | undefined {
      try {
        // Cast: written by `write` below under the same number.
        return (JSON.parse(storage.getItem(key) ?? "null") as Kept | null) ?? undefined;
      } catch {
        return undefined;
      }
    },
    write(courier: CourierState, heardAtMs: number, outbox: OutboxState): void {
      try {
        storage.setItem(key, JSON.stringify({ courier, heardAtMs, queue: unsent(outbox) } satisfies Kept));
      } catch {
        // No room: it is still in memory, and written with the next change.
      }
    },
  };
}
