import { roomOf } from "#shared/contracts/rooms.ts";
import { quickPosition } from "#shared/contracts/quick-reads.ts";
import { position as positionSchema, ZONE_GATHER_MS } from "#shared/contracts/streams.ts";
import type { Clock } from "#shared/lib/clock.ts";
import type { LastPositions } from "#shared/server/realtime/last-positions.ts";

import { CourierRooms } from "./courier-rooms.ts";
import { OrderPositions, type OrderPositionsDeps, type WatchedOrder } from "./order-positions.ts";
import type { Listener } from "./ports.ts";
import type { RoomBus } from "./room-bus.ts";
import { ZoneViews, type WatchedZone } from "./zone-views.ts";

/** Wall ms between two looks for couriers who are heard of no more. */
const LOOK_EVERY_MS = 60_000;

export interface PositionHubDeps {
  readonly bus: Pick<RoomBus, "join" | "leave">;
  readonly last: LastPositions;
  /** Asks all hubs that take positions to tell the zones' rooms who is there. */
  readonly askZones: (zoneRooms: readonly string[]) => void;
  readonly rooms: OrderPositionsDeps["rooms"];
  /** Wall time. */
  readonly clock: Clock;
}

export interface PositionHub {
  /** A position from the bus, in the courier's room or the zone's. */
  arrived(payload: unknown): void;
  /** Subscriptions may have been away. */
  reconnected(): void;
  /** An order is watched here and who carries it is known, or has changed; or it is watched no more. */
  orderWatched(marketId: string, orderId: string, watched: boolean): void;
  /** Shows the last known position of the courier who carries the order to one who has just begun to watch it. */
  showLast(marketId: string, orderId: string, listener: Listener): Promise<void>;
  /** From now on these zones and no others; none: the operator is gone. */
  watchZones(listener: Listener, marketId: string, zones: readonly string[]): void;
  stop(): void;
  readonly counts: {
    readonly arrived: number;
    readonly hidden: number;
    readonly sent: number;
    readonly replaced: number;
  };
}

/**
 * Positions on one hub, gathered by the couriers' hubs: the newest wins, an operator gets one frame a zone and tick, and a
 * customer sees a courier only while that courier carries the order. Dropped first: a customer who is busy is left out, and shown the newest when
 * busy no more, because the next may be long in coming; an operator who is busy is given it with the next frame. [RTM10-RTM12]
 */
export function makePositionHub(deps: PositionHubDeps): PositionHub {
  const { clock } = deps;
  const counts = { arrived: 0, hidden: 0, sent: 0, replaced: 0 };
  const couriers = new CourierRooms<WatchedOrder, WatchedZone>(deps);
  const orders = new OrderPositions({ ...deps, couriers, counts, flushSoon });
  const zones = new ZoneViews({
    ...deps,
    counts,
    flushSoon,
    standsNowhere: (room) => couriers.standsIn(room, undefined),
  });

  // A hub where nothing moves is not woken.
  let cancelFlush: (() => void) | undefined;
  function flushSoon(): void {
    cancelFlush ??= clock.after(ZONE_GATHER_MS, () => {
      cancelFlush = undefined;
      orders.flush();
      zones.flush();
    });
  }

  let cancelLook = clock.after(LOOK_EVERY_MS, look);
  function look(): void {
    couriers.forgetSilent();
    cancelLook = clock.after(LOOK_EVERY_MS, look);
  }

  return {
    counts,
    arrived(payload) {
      const position = quickPosition(payload) ?? positionSchema.safeParse(payload).data;
      if (!position) return;
      counts.arrived += 1;
      const room = roomOf.courierPosition(position.marketId, position.courierId);
      for (const order of couriers.ordersOf(room)) orders.offer(order, position);
      couriers.standsIn(room, zones.moved(position));
    },
    reconnected: () => zones.askAgain(),
    orderWatched: (marketId, orderId, watched) => orders.watched(marketId, orderId, watched),
    showLast: (marketId, orderId, listener) => orders.showLast(marketId, orderId, listener),
    watchZones: (listener, marketId, asked) => zones.watch(listener, marketId, asked),
    stop() {
      cancelFlush?.();
      cancelLook();
    },
  };
}
