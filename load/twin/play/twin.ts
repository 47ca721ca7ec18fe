import type { HubClient } from "#shared/client/hub-client.ts";

import { openKitchens } from "./kitchens.ts";
import { sendCouriers } from "./couriers.ts";
import { feedCustomers } from "./customers.ts";
import type { Counts, Life, TwinOptions } from "./life.ts";

/** A twin at play. */
export interface Twin {
  /** Resolves when every kitchen is connected. */
  readonly ready: Promise<void>;
  /** Resolves when the last order of the span has come to its end for its customer. */
  readonly over: Promise<void>;
  readonly counts: Readonly<Counts>;
  /** Gaps on the wire that the client library closed, in all connections so far; counted where a book is kept. */
  readonly rawGaps: () => number;
  /** Ends every actor; what they have begun stays as it is. */
  close(): void;
}

/** Plays customers, kitchens and couriers, each by models of their own, through the public API alone. [TWN1-TWN8] */
export function startTwin(options: TwinOptions): Twin {
  const hubs: HubClient[] = [];
  const stops = new Set<() => void>();
  let closed = false;
  const { stage, book } = options;
  const life: Life = {
    ...options,
    stops,
    counts: { wanted: 0, placed: 0, delivered: 0, refused: 0, unplaced: 0 },
    names: new Map(),
    kitchenPlaces: [],
    closed: () => closed,
    connected: (hub) => void (book && hubs.push(hub)),
    decided: (who, what, ordinal, value) =>
      void book?.decisions.push({ who, what, ordinal, atMs: stage.clock.nowMs(), value }),
  };
  const ready = openKitchens(life);
  sendCouriers(life);
  return {
    ready,
    over: feedCustomers(life),
    counts: life.counts,
    rawGaps: () => hubs.reduce((sum, hub) => sum + hub.stats.rawGaps, 0),
    close() {
      closed = true;
      for (const stop of stops) stop();
    },
  };
}
