import { connectHub, type HubClient } from "#shared/client/hub-client.ts";
import type { Clock } from "#shared/lib/clock.ts";

import { watchRecorded, type Recorder } from "../actors/recorder.ts";
import type { ActorSession } from "../actors/session.ts";
import { REPLAY_MARKET } from "./cast.ts";
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
  readonly hubUrl: string;
  readonly session: ActorSession;
  readonly zones: readonly string[];
  readonly clock: Clock;
  readonly recorder: Recorder;
}): Operator {
  const { hubUrl, session, clock, recorder, zones } = options;
  const hub = connectHub({ url: hubUrl, namespace: "ops", token: session.token });
  const counts = { zoneFrames: 0 };
  const closes: (() => void)[] = [hub.onZone(() => void (counts.zoneFrames += 1))];
  return {
    hub,
    counts,
    ready: whenLive(hub).then(() => hub.watchZones(REPLAY_MARKET, zones)),
    watchOrder(id) {
      const viewer = { as: "ops", personId: session.personId } as const;
      const handlers = { onSnapshot: () => {}, onEvent: () => {} };
      const watch = watchRecorded(hub, { marketId: REPLAY_MARKET, kind: "order", id }, handlers, {
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
