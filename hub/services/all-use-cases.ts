import type { StreamRef } from "#shared/contracts/streams.ts";
import type { Clock } from "#shared/lib/clock.ts";
import type { Cities } from "#shared/server/city/cities.ts";
import type { LastPositions } from "#shared/server/realtime/last-positions.ts";
import type { PositionOutbox } from "#shared/server/realtime/position-outbox.ts";

import type { Passwords } from "../auth/passwords.ts";
import { accountUseCases } from "./accounts/accounts.ts";
import type { Sessions } from "./accounts/sessions.ts";
import { administrationUseCases } from "./administration/administration.ts";
import { browsingUseCases } from "./browsing/browsing.ts";
import type { Shown } from "./browsing/shown.ts";
import { geocodingUseCases } from "./geocoding/geocoding.ts";
import { orderUseCases } from "./orders/all.ts";
import type { OrderDeps } from "./orders/order-deps.ts";
import { makeFixPush } from "./positions/fix-push.ts";
import { makeMarkers } from "./positions/marker.ts";
import { makeMotionPush } from "./positions/motion-push.ts";
import { makeTracePush } from "./positions/trace-push.ts";
import { makeTraceWriter } from "./positions/trace-writer.ts";
import type { UseCases } from "./use-cases.ts";

export interface UseCaseDeps extends OrderDeps {
  /** Wall time: sessions and positions live in it. */
  readonly wall: Clock;
  readonly passwords: Passwords;
  readonly sessions: Sessions;
  readonly last: LastPositions;
  readonly outbox: Pick<PositionOutbox, "tell">;
  readonly cities: Cities;
  readonly shown: Shown;
  /** A courier is in another zone now. */
  readonly onZone?: (personId: string, marketId: string, zone: string) => void;
  /** See `StreamRooms.headNow`; absent where no streams are served. */
  readonly headNow?: (stream: StreamRef) => string | undefined;
}

/** Every entry of the catalogue with its handler. */
export function makeUseCases(deps: UseCaseDeps): UseCases {
  const markerDeps = { ...deps, clock: deps.wall, deploymentNowMs: () => deps.clock.nowMs() };
  const markers = makeMarkers(markerDeps);
  const traces = makeTraceWriter(markerDeps);
  return {
    ...accountUseCases(deps),
    ...administrationUseCases(deps),
    ...browsingUseCases(deps),
    ...geocodingUseCases(deps),
    ...orderUseCases({ ...deps, positions: deps.last }),
    "fix.push": makeFixPush(markerDeps, markers, traces),
    "motion.push": makeMotionPush(markerDeps, markers),
    "trace.push": makeTracePush(markerDeps, markers, traces),
  };
}
