import { roomOf } from "#shared/contracts/rooms.ts";
import {
  position as positionSchema,
  POSITION_TICK_MS as TICK_MS,
  type Position,
  type PositionFrame,
  type ZoneFrame,
} from "#shared/contracts/streams.ts";
import type { Clock } from "#shared/lib/clock.ts";
import type { LastPositions } from "#shared/server/realtime/last-positions.ts";

import { shows, type Carriage } from "#shared/domain/tracking/carriage.ts";
import type { Listener } from "./ports.ts";
import type { RoomBus } from "./room-bus.ts";

/** Wall ms for which a position that nobody may see is kept: the event that gives the right may come a moment after it. */
const HOLD_MS = 5_000;
/** Wall ms before a failed subscription is tried again. */
const SUBSCRIBE_AGAIN_MS = 1_000;

export interface PositionHubDeps {
  readonly bus: Pick<RoomBus, "join" | "leave">;
  readonly last: LastPositions;
  readonly rooms: {
    carriageOf(marketId: string, orderId: string): Carriage | undefined;
    positionListeners(marketId: string, orderId: string): Iterable<Listener>;
  };
  /** Wall time. */
  readonly clock: Clock;
}

export interface PositionHub {
  /** A position from the bus, for an order's room or a zone's. */
  arrived(busRoom: string, payload: unknown): void;
  /** An order is watched here, or no more. */
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

interface Order {
  readonly marketId: string;
  readonly orderId: string;
  newest: Position | undefined;
  /** Wall ms at which it was last shown. */
  shownAtMs: number;
  /** Who was too busy for the newest; undefined: nobody has been shown it yet. */
  owed: ReadonlySet<Listener> | undefined;
  /** Wall ms since which nobody may see the newest. */
  hiddenSinceMs: number | undefined;
}

interface Zone {
  readonly zone: string;
  readonly listeners: Set<Listener>;
  readonly moved: Map<string, ZoneFrame["couriers"][number]>;
}

/**
 * Positions on one hub: newest wins for each courier and tick, one frame a zone and tick, and a customer sees a courier
 * only while that courier carries the order. Dropped first: a socket that is busy is left out, and shown the newest when it
 * is busy no more, because the next may be long in coming. [RTM10-RTM12]
 */
export function makePositionHub(deps: PositionHubDeps): PositionHub {
  const { bus, rooms, clock, last } = deps;
  const counts = { arrived: 0, hidden: 0, sent: 0, replaced: 0 };
  const orders = new Map<string, Order>();
  /** Orders that the next tick must look at. */
  const waiting = new Set<Order>();
  const zones = new Map<string, Zone>();
  const zonesOf = new Map<Listener, Set<string>>();
  const wanted = (busRoom: string) => orders.has(busRoom) || zones.has(busRoom);

  function join(busRoom: string): void {
    bus.join(busRoom).catch(() => {
      clock.after(SUBSCRIBE_AGAIN_MS, () => {
        if (wanted(busRoom)) join(busRoom);
      });
    });
  }

  function hold(order: Order): void {
    if (order.hiddenSinceMs === undefined) counts.hidden += 1;
    order.hiddenSinceMs ??= clock.nowMs();
    if (clock.nowMs() - order.hiddenSinceMs < HOLD_MS) waiting.add(order);
  }

  function show(order: Order): void {
    const { newest, marketId, orderId, owed } = order;
    waiting.delete(order);
    if (!newest) return;
    // Asked now, not when it arrived: the right may have ended within the tick.
    if (!shows(rooms.carriageOf(marketId, orderId), orderId, newest)) {
      hold(order);
      return;
    }
    order.shownAtMs = clock.nowMs();
    const frame = frameOf(orderId, newest);
    const busy = new Set<Listener>();
    for (const listener of rooms.positionListeners(marketId, orderId)) {
      if (owed && !owed.has(listener)) continue;
      if (listener.position(frame)) counts.sent += 1;
      else busy.add(listener);
    }
    order.owed = busy;
    if (busy.size > 0) waiting.add(order);
  }

  function flushZones(): void {
    for (const zone of zones.values()) {
      if (zone.moved.size === 0) continue;
      const frame = { zone: zone.zone, couriers: [...zone.moved.values()] };
      zone.moved.clear();
      for (const listener of zone.listeners) if (listener.zone(frame)) counts.sent += 1;
    }
  }

  let cancelTick = clock.after(TICK_MS, tick);
  function tick(): void {
    const due = [...waiting];
    waiting.clear();
    for (const order of due) show(order);
    flushZones();
    cancelTick = clock.after(TICK_MS, tick);
  }

  function leaveZone(listener: Listener, busRoom: string): void {
    const zone = zones.get(busRoom);
    zone?.listeners.delete(listener);
    if (!zone || zone.listeners.size > 0) return;
    zones.delete(busRoom);
    bus.leave(busRoom);
  }

  return {
    counts,
    arrived(busRoom, payload) {
      const parsed = positionSchema.safeParse(payload);
      if (!parsed.success) return;
      counts.arrived += 1;
      const position = parsed.data;
      const order = orders.get(busRoom);
      if (order && isNews(position, order.newest)) {
        if (waiting.has(order)) counts.replaced += 1;
        order.newest = position;
        order.owed = undefined;
        order.hiddenSinceMs = undefined;
        // The first after a silence is shown at once: what comes within the tick waits for its end.
        if (clock.nowMs() - order.shownAtMs < TICK_MS) waiting.add(order);
        else show(order);
      }
      const zone = zones.get(busRoom);
      const before = zone?.moved.get(position.courierId);
      if (zone && (!before || before.takenAtMs < position.takenAtMs)) {
        const { courierId, lat, lng, speedMps, headingDeg, takenAtMs } = position;
        zone.moved.set(courierId, { courierId, lat, lng, speedMps, headingDeg, takenAtMs });
      }
    },
    orderWatched(marketId, orderId, watched) {
      const busRoom = roomOf.orderPosition(marketId, orderId);
      if (watched) {
        orders.set(busRoom, {
          marketId,
          orderId,
          newest: undefined,
          shownAtMs: -Infinity,
          owed: undefined,
          hiddenSinceMs: undefined,
        });
        join(busRoom);
        return;
      }
      const order = orders.get(busRoom);
      if (!order) return;
      orders.delete(busRoom);
      waiting.delete(order);
      bus.leave(busRoom);
    },
    async showLast(marketId, orderId, listener) {
      const courierId = rooms.carriageOf(marketId, orderId)?.courierId;
      if (!courierId) return;
      const [position] = await last.read(marketId, [courierId]);
      // Asked again after the read, and only for somebody who still watches.
      if (!position || !shows(rooms.carriageOf(marketId, orderId), orderId, position)) return;
      for (const mate of rooms.positionListeners(marketId, orderId)) {
        if (mate === listener) listener.position(frameOf(orderId, position));
      }
    },
    watchZones(listener, marketId, names) {
      const next = new Map(names.map((zone) => [roomOf.zone(marketId, zone), zone]));
      for (const busRoom of zonesOf.get(listener) ?? []) if (!next.has(busRoom)) leaveZone(listener, busRoom);
      for (const [busRoom, zone] of next) {
        const open = zones.get(busRoom) ?? { zone, listeners: new Set(), moved: new Map() };
        open.listeners.add(listener);
        if (zones.has(busRoom)) continue;
        zones.set(busRoom, open);
        join(busRoom);
      }
      if (next.size > 0) zonesOf.set(listener, new Set(next.keys()));
      else zonesOf.delete(listener);
    },
    stop() {
      cancelTick();
    },
  };
}

/** Another courier's first position is news, whatever that phone's clock says. */
function isNews(next: Position, last: Position | undefined): boolean {
  return !last || last.courierId !== next.courierId || last.takenAtMs < next.takenAtMs;
}

function frameOf(orderId: string, position: Position): PositionFrame {
  const { lat, lng, speedMps, headingDeg, takenAtMs } = position;
  return { orderId, lat, lng, speedMps, headingDeg, takenAtMs };
}
