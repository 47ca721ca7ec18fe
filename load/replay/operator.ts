import type { HubClient } from "#shared/client/hub-client.ts";
import type { Clock } from "#shared/lib/clock.ts";

import { watchRecorded, type Recorder } from "../actors/recorder.ts";
import type { ActorSession } from "../actors/session.ts";
import { whenLive } from "./play-day.ts";

export interface Operator {
  readonly hub: HubClient;
  readonly counts: { readonly zoneFrames: number };
  /** Resolves when the zones are watched. */
  readonly ready: Promise<void>;
  watchOrder(orderId: string): void;
  close(): void;
}

/** Somebody at the office who watches every zone of the day and the streams of the orders that they are told of. */
export function startOperator(options: {
  /** Which of the hubs they are at. */
  readonly at: number;
  readonly marketId: string;
  readonly session: ActorSession;
  readonly zones: readonly string[];
  readonly clock: Clock;
  readonly recorder: Recorder;
}): Operator {
  const { at, marketId, session, clock, recorder, zones } = options;
  const hub = session.connect("ops", at);
  const counts = { zoneFrames: 0 };
  const closes: (() => void)[] = [hub.onZone(() => void (counts.zoneFrames += 1))];
  return {
    hub,
    counts,
    ready: whenLive(hub).then(() => hub.watchZones(marketId, zones)),
    watchOrder(id) {
      const viewer = { as: "ops", personId: session.personId } as const;
      const handlers = { onSnapshot: () => {}, onEvent: () => {} };
      const watch = watchRecorded(hub, { marketId, kind: "order", id }, handlers, {
        viewer,
        clock,
        recorder,
      });
      closes.push(() => watch.close());
    },
    close() {
      for (const close of closes) close();
      hub.close();
    },
  };
}
