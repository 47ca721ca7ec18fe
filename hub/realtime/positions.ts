import { roomOf } from "#shared/contracts/rooms.ts";
import {
  position as positionSchema,
  POSITION_TICK_MS as TICK_MS,
  type PackedZoneFrame,
  type Position,
  type PositionFrame,
  type ZoneFrame,
} from "#shared/contracts/streams.ts";
import type { Clock } from "#shared/lib/clock.ts";
import { LAST_POSITION_TTL_MS, type LastPositions } from "#shared/server/realtime/last-positions.ts";

import { packZoneFrame } from "#shared/domain/tracking/zone-frame.ts";
import { shows, type Carriage } from "#shared/domain/tracking/carriage.ts";
import type { Listener } from "./ports.ts";
import type { RoomBus } from "./room-bus.ts";

/** Wall ms for which a position that nobody may see is kept: the event that gives the right may come a moment after it. */
const HOLD_MS = 5_000;
/** Wall ms before a failed subscription is tried again. */
const SUBSCRIBE_AGAIN_MS = 1_000;
/** Ticks between two looks for couriers who are heard of no more. */
const LOOK_EVERY_TICKS = 120;

export interface PositionHubDeps {
  readonly bus: Pick<RoomBus, "join" | "leave">;
  readonly last: LastPositions;
  /** Asks all hubs that take positions to tell the zones' rooms who is there. */
  readonly askZones: (zoneRooms: readonly string[]) => void;
  readonly rooms: {
    carriageOf(marketId: string, orderId: string): Carriage | undefined;
    positionListeners(marketId: string, orderId: string): Iterable<Listener>;
  };
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

interface Order {
  readonly marketId: string;
  readonly orderId: string;
  /** Of the courier in whose hands the food is. */
  courierRoom: string | undefined;
  /** Resolves when that room is subscribed. */
  joined: Promise<void>;
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
  /** Views that hold it. */
  views: number;
  readonly moved: Map<string, ZoneFrame["couriers"][number]>;
  /** Rooms of the couriers who are here. */
  readonly couriers: Set<string>;
}

/** A courier whose room is joined, for orders or for a zone. */
interface Courier {
  readonly orders: Set<Order>;
  zone: Zone | undefined;
  /** Wall ms. */
  heardAtMs: number;
}

/** Operators who watch the same zones; they are given the same frames. */
interface ZoneView {
  readonly key: string;
  readonly busRooms: readonly string[];
  readonly listeners: Set<Listener>;
}

/**
 * Positions on one hub: newest wins for each courier and tick, one frame a zone and tick, and a customer sees a courier
 * only while that courier carries the order. Dropped first: a socket that is busy is left out, and shown the newest when it
 * is busy no more, because the next may be long in coming. [RTM10-RTM12]
 */
export function makePositionHub(deps: PositionHubDeps): PositionHub {
  const { bus, rooms, clock, last } = deps;
  const counts = { arrived: 0, hidden: 0, sent: 0, replaced: 0 };
  /** By market and order. */
  const orders = new Map<string, Order>();
  /** By room. */
  const couriers = new Map<string, Courier>();
  /** Orders that the next tick must look at. */
  const waiting = new Set<Order>();
  const zones = new Map<string, Zone>();
  const views = new Map<string, ZoneView>();
  const viewOf = new Map<Listener, ZoneView>();
  const wanted = (busRoom: string) => couriers.has(busRoom) || zones.has(busRoom);

  /** Resolves when the room is subscribed, or wanted no more. */
  async function join(busRoom: string): Promise<void> {
    try {
      await bus.join(busRoom);
    } catch {
      await new Promise<void>((done) => void clock.after(SUBSCRIBE_AGAIN_MS, done));
      if (wanted(busRoom)) await join(busRoom);
    }
  }

  /** The courier of a room, joined now if nobody needed it before. */
  function courierIn(room: string): { readonly courier: Courier; readonly joined: Promise<void> } {
    const known = couriers.get(room);
    if (known) return { courier: known, joined: bus.join(room).catch(() => {}) };
    const courier: Courier = { orders: new Set(), zone: undefined, heardAtMs: clock.nowMs() };
    couriers.set(room, courier);
    return { courier, joined: join(room) };
  }

  function leaveIfIdle(room: string): void {
    const courier = couriers.get(room);
    if (!courier || courier.orders.size > 0 || courier.zone) return;
    couriers.delete(room);
    bus.leave(room);
  }

  /** The courier is in this zone, of those that are watched here. */
  function standsIn(room: string, zone: Zone | undefined): void {
    const courier = couriers.get(room) ?? (zone && courierIn(room).courier);
    if (!courier) return;
    courier.heardAtMs = clock.nowMs();
    if (courier.zone === zone) return;
    courier.zone?.couriers.delete(room);
    courier.zone = zone;
    zone?.couriers.add(room);
    leaveIfIdle(room);
  }

  /** Who is silent for so long that nobody knows their place any more has gone. */
  function forgetSilent(): void {
    const sinceMs = clock.nowMs() - LAST_POSITION_TTL_MS;
    for (const [room, { zone, heardAtMs }] of couriers) if (zone && heardAtMs < sinceMs) standsIn(room, undefined);
  }

  function follow(order: Order, courierId: string | undefined): void {
    const { marketId, courierRoom: before } = order;
    const room = courierId === undefined ? undefined : roomOf.courierPosition(marketId, courierId);
    if (room === before) return;
    order.courierRoom = room;
    if (before !== undefined) {
      couriers.get(before)?.orders.delete(order);
      leaveIfIdle(before);
    }
    if (room === undefined) return;
    const { courier, joined } = courierIn(room);
    courier.orders.add(order);
    order.joined = joined;
  }

  /** What was told before the room was joined. */
  async function catchUp(order: Order, courierId: string): Promise<void> {
    const { courierRoom, marketId } = order;
    await order.joined;
    const [position] = await last.read(marketId, [courierId]);
    if (position && order.courierRoom === courierRoom) offer(order, position);
  }

  function offer(order: Order, position: Position): void {
    if (!isNews(position, order.newest)) return;
    if (waiting.has(order)) counts.replaced += 1;
    order.newest = position;
    order.owed = undefined;
    order.hiddenSinceMs = undefined;
    // The first after a silence is shown at once: what comes within the tick waits for its end.
    if (clock.nowMs() - order.shownAtMs < TICK_MS) waiting.add(order);
    else show(order);
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

  /** Each zone is packed once, and each operator is given all of theirs together: writes are what costs. */
  function flushZones(): void {
    const packed = new Map<string, PackedZoneFrame>();
    for (const [busRoom, { zone, moved }] of zones) {
      if (moved.size === 0) continue;
      packed.set(busRoom, packZoneFrame({ zone, couriers: [...moved.values()] }));
      moved.clear();
    }
    if (packed.size === 0) return;
    for (const { busRooms, listeners } of views.values()) {
      const frames = busRooms.flatMap((busRoom) => packed.get(busRoom) ?? []);
      if (frames.length === 0) continue;
      for (const listener of listeners) if (listener.zones(frames)) counts.sent += frames.length;
    }
  }

  let ticks = 0;
  let cancelTick = clock.after(TICK_MS, tick);
  function tick(): void {
    const due = [...waiting];
    waiting.clear();
    for (const order of due) show(order);
    flushZones();
    ticks += 1;
    if (ticks % LOOK_EVERY_TICKS === 0) forgetSilent();
    cancelTick = clock.after(TICK_MS, tick);
  }

  function openView(key: string, marketId: string, names: readonly string[]): ZoneView {
    const view: ZoneView = { key, busRooms: names.map((zone) => roomOf.zone(marketId, zone)), listeners: new Set() };
    views.set(key, view);
    const opened: string[] = [];
    for (const [index, busRoom] of view.busRooms.entries()) {
      const known = zones.get(busRoom);
      if (known) known.views += 1;
      else {
        zones.set(busRoom, { zone: names[index] ?? "", views: 1, moved: new Map(), couriers: new Set() });
        opened.push(busRoom);
      }
    }
    if (opened.length > 0) void Promise.all(opened.map(join)).then(() => deps.askZones(opened));
    return view;
  }

  function leaveView(listener: Listener, view: ZoneView): void {
    view.listeners.delete(listener);
    if (view.listeners.size > 0) return;
    views.delete(view.key);
    for (const busRoom of view.busRooms) {
      const zone = zones.get(busRoom);
      if (!zone) continue;
      zone.views -= 1;
      if (zone.views > 0) continue;
      zones.delete(busRoom);
      bus.leave(busRoom);
      for (const room of zone.couriers) standsIn(room, undefined);
    }
  }

  return {
    counts,
    arrived(payload) {
      const parsed = positionSchema.safeParse(payload);
      if (!parsed.success) return;
      counts.arrived += 1;
      const position = parsed.data;
      const { marketId, courierId } = position;
      const room = roomOf.courierPosition(marketId, courierId);
      for (const order of couriers.get(room)?.orders ?? []) offer(order, position);
      const zone = zones.get(roomOf.zone(marketId, position.zone));
      standsIn(room, zone);
      const before = zone?.moved.get(courierId);
      if (zone && (!before || before.takenAtMs < position.takenAtMs)) {
        const { lat, lng, speedMps, headingDeg, takenAtMs } = position;
        zone.moved.set(courierId, { courierId, lat, lng, speedMps, headingDeg, takenAtMs });
      }
    },
    reconnected() {
      if (zones.size > 0) deps.askZones([...zones.keys()]);
    },
    orderWatched(marketId, orderId, watched) {
      const key = `${marketId}/${orderId}`;
      const known = orders.get(key);
      if (!watched) {
        if (!known) return;
        orders.delete(key);
        waiting.delete(known);
        follow(known, undefined);
        return;
      }
      const order = known ?? newOrder(marketId, orderId);
      orders.set(key, order);
      const carriage = rooms.carriageOf(marketId, orderId);
      const courierId = carriage && carriage.sinceMs !== null ? (carriage.courierId ?? undefined) : undefined;
      const before = order.courierRoom;
      follow(order, courierId);
      // Whoever comes anew is shown the last one by `showLast`.
      if (known && courierId !== undefined && order.courierRoom !== before) void catchUp(order, courierId);
    },
    async showLast(marketId, orderId, listener) {
      const courierId = rooms.carriageOf(marketId, orderId)?.courierId;
      if (!courierId) return;
      await orders.get(`${marketId}/${orderId}`)?.joined;
      const [position] = await last.read(marketId, [courierId]);
      // Asked again after the read, and only for somebody who still watches.
      if (!position || !shows(rooms.carriageOf(marketId, orderId), orderId, position)) return;
      for (const mate of rooms.positionListeners(marketId, orderId)) {
        if (mate === listener) listener.position(frameOf(orderId, position));
      }
    },
    watchZones(listener, marketId, asked) {
      const names = [...new Set(asked)].toSorted();
      const key = `${marketId}/${names.join()}`;
      const before = viewOf.get(listener);
      if (before?.key === key) return;
      viewOf.delete(listener);
      if (names.length > 0) {
        const view = views.get(key) ?? openView(key, marketId, names);
        view.listeners.add(listener);
        viewOf.set(listener, view);
      }
      // Last, so that zones in both are not left and joined again.
      if (before) leaveView(listener, before);
    },
    stop() {
      cancelTick();
    },
  };
}

function newOrder(marketId: string, orderId: string): Order {
  return {
    marketId,
    orderId,
    courierRoom: undefined,
    joined: Promise.resolve(),
    newest: undefined,
    shownAtMs: -Infinity,
    owed: undefined,
    hiddenSinceMs: undefined,
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
