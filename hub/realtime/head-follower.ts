import type { Clock } from "#shared/lib/clock.ts";
import type { EventStore } from "#shared/server/realtime/event-store.ts";

import type { RealtimeLog } from "./ports.ts";
import type { StreamMemory } from "./stream-memory.ts";

export interface HeadFollower {
  /** Looks now, and compares every head here as well: Redis was away, or a subscription may have been. */
  verify(): void;
  stop(): void;
  readonly counts: { readonly looks: number; readonly failures: number };
}

export interface HeadFollowerDeps {
  readonly store: Pick<EventStore, "changedSince">;
  readonly rooms: {
    setEpoch(epoch: string): void;
    told(ref: Parameters<EventStore["headOf"]>[0], seq: number): void;
    repair(lookedAtMs: number): void;
    verify(): Promise<void>;
  };
  readonly memory?: Pick<StreamMemory, "beginning" | "followed"> | undefined;
  /** Wall time. */
  readonly clock: Clock;
  readonly log: RealtimeLog;
  /** Wall ms between looks, on average. */
  readonly everyMs?: number;
  readonly random?: () => number;
}

/** Wall ms until another look after the store has not answered, at most. */
const FAILED_MAX_MS = 2_000;

/**
 * Follows the store's own heads by a watermark of transaction ids and tells them to the rooms: so a lost publish, a writer
 * that died, or Redis away loses nothing. Its cost follows what changes, not who watches. [RTM3, RTM9]
 *
 * A look that comes late tells more at a time; one that fails is repeated from the same watermark.
 */
export function startHeadFollower(deps: HeadFollowerDeps): HeadFollower {
  const { store, rooms, memory, clock, log } = deps;
  const everyMs = deps.everyMs ?? 700;
  const random = deps.random ?? Math.random;
  const counts = { looks: 0, failures: 0 };
  let watermark: string | undefined;
  let epoch: string | undefined;
  let verifyNext = true;
  let failed = 0;
  let stopped = false;
  let looking = false;
  let cancel = () => {};

  async function look(): Promise<void> {
    const verify = verifyNext;
    verifyNext = false;
    // Before the store is asked: what it shows is of then, or newer.
    const lookedAtMs = clock.nowMs();
    try {
      const from = memory ? await memory.beginning(watermark) : watermark;
      const change = await store.changedSince(from);
      if (stopped) return;
      rooms.setEpoch(change.epoch);
      for (const { ref, seq } of change.heads) rooms.told(ref, seq);
      memory?.followed(change, from);
      if (verify || epoch !== change.epoch) await rooms.verify();
      ({ watermark, epoch } = change);
      rooms.repair(lookedAtMs);
      counts.looks += 1;
      if (failed > 0) log.warn({ failed }, "the store answers again; streams have caught up");
      failed = 0;
    } catch (error) {
      verifyNext ||= verify;
      counts.failures += 1;
      failed += 1;
      if (failed === 1) log.warn({ error }, "the store does not answer; heads are looked at again shortly");
    }
  }

  function round(): void {
    if (looking || stopped) return;
    looking = true;
    cancel();
    void look().then(() => {
      looking = false;
      if (stopped) return;
      const waitMs = failed > 0 ? Math.min(FAILED_MAX_MS, 100 * 2 ** failed) : everyMs;
      cancel = clock.after(verifyNext && failed === 0 ? 0 : waitMs * (0.75 + random() / 2), round);
    });
  }

  round();
  return {
    counts,
    verify() {
      verifyNext = true;
      round();
    },
    stop() {
      stopped = true;
      cancel();
    },
  };
}
