import { roomOf } from "#shared/contracts/rooms.ts";
import type { Position, PositionFrame } from "#shared/contracts/streams.ts";
import { shows, type Carriage } from "#shared/domain/tracking/carriage.ts";
import type { Clock } from "#shared/lib/clock.ts";
import type { LastPositions } from "#shared/server/realtime/last-positions.ts";

import type { Listener } from "./ports.ts";

/** Wall ms for which a position that nobody may see is kept: the event that gives the right may come a moment after it. */
const HOLD_MS = 5_000;
const NOBODY: ReadonlySet<Listener> = new Set();

/** An order that is watched here. */
export interface WatchedOrder {
  readonly marketId: string;
  readonly orderId: string;
  /** Of the courier in whose hands the food is. */
  courierRoom: string | undefined;
  /** Resolves when that room is subscribed. */
  joined: Promise<unknown>;
  newest: Position | undefined;
  /** Who was too busy for the newest; undefined: nobody has been shown it yet. */
  owed: ReadonlySet<Listener> | undefined;
  /** Wall ms since which nobody may see the newest. */
  hiddenSinceMs: number | undefined;
}

export interface OrderPositionsDeps {
  readonly last: LastPositions;
  readonly rooms: {
    carriageOf(marketId: string, orderId: string): Carriage | undefined;
    positionListeners(marketId: string, orderId: string): Iterable<Listener>;
  };
  readonly couriers: {
    carries(room: string, order: WatchedOrder): Promise<unknown>;
    carriesNoMore(room: string, order: WatchedOrder): void;
  };
  /** Wall time. */
  readonly clock: Clock;
  /** Calls `flush` before long. */
  readonly flushSoon: () => void;
  readonly counts: { hidden: number; sent: number; replaced: number };
}

/** The courier of each watched order, on its watchers' maps, where the newest wins. [RTM10-RTM12] */
export class OrderPositions {
  readonly #deps: OrderPositionsDeps;
  /** By market and order. */
  readonly #orders = new Map<string, WatchedOrder>();
  /** Orders whose newest somebody has not been shown. */
  readonly #waiting = new Set<WatchedOrder>();

  constructor(deps: OrderPositionsDeps) {
    this.#deps = deps;
  }

  /** An order is watched here and who carries it is known, or has changed; or it is watched no more. */
  watched(marketId: string, orderId: string, isWatched: boolean): void {
    const key = `${marketId}/${orderId}`;
    const known = this.#orders.get(key);
    if (!isWatched) {
      if (!known) return;
      this.#orders.delete(key);
      this.#waiting.delete(known);
      this.#follow(known, undefined);
      return;
    }
    const order = known ?? newOrder(marketId, orderId);
    this.#orders.set(key, order);
    const carriage = this.#deps.rooms.carriageOf(marketId, orderId);
    const courierId = carriage && carriage.sinceMs !== null ? (carriage.courierId ?? undefined) : undefined;
    const before = order.courierRoom;
    this.#follow(order, courierId);
    // Whoever comes anew is shown the last one by `showLast`.
    if (known && courierId !== undefined && order.courierRoom !== before) void this.#catchUp(order, courierId);
  }

  /** A position of the courier who carries it. */
  offer(order: WatchedOrder, position: Position): void {
    if (!isNews(position, order.newest)) return;
    if (this.#waiting.has(order)) this.#deps.counts.replaced += 1;
    order.newest = position;
    order.owed = undefined;
    order.hiddenSinceMs = undefined;
    this.#show(order);
  }

  /** Shows the last known position to one who has just begun to watch. */
  async showLast(marketId: string, orderId: string, listener: Listener): Promise<void> {
    const { rooms, last } = this.#deps;
    const courierId = rooms.carriageOf(marketId, orderId)?.courierId;
    if (!courierId) return;
    await this.#orders.get(`${marketId}/${orderId}`)?.joined;
    const [read] = await last.read(marketId, [courierId]);
    const shown = this.#orders.get(`${marketId}/${orderId}`)?.newest;
    const position = read && shown && !isNews(read, shown) ? shown : read;
    // Asked again after the read, and only for somebody who still watches.
    if (!position || !shows(rooms.carriageOf(marketId, orderId), orderId, position)) return;
    for (const mate of rooms.positionListeners(marketId, orderId)) {
      if (mate === listener) listener.position(frameOf(orderId, position));
    }
  }

  /** What was not to be shown yet is tried again, to whom it is owed. */
  flush(): void {
    const due = [...this.#waiting];
    this.#waiting.clear();
    for (const order of due) this.#show(order);
  }

  #follow(order: WatchedOrder, courierId: string | undefined): void {
    const { couriers } = this.#deps;
    const { marketId, courierRoom: before } = order;
    const room = courierId === undefined ? undefined : roomOf.courierPosition(marketId, courierId);
    if (room === before) return;
    order.courierRoom = room;
    if (before !== undefined) couriers.carriesNoMore(before, order);
    if (room !== undefined) order.joined = couriers.carries(room, order);
  }

  /** What was told before the room was joined. */
  async #catchUp(order: WatchedOrder, courierId: string): Promise<void> {
    const { courierRoom, marketId } = order;
    await order.joined;
    const [position] = await this.#deps.last.read(marketId, [courierId]);
    if (position && order.courierRoom === courierRoom) this.offer(order, position);
  }

  #hold(order: WatchedOrder): void {
    const nowMs = this.#deps.clock.nowMs();
    if (order.hiddenSinceMs === undefined) this.#deps.counts.hidden += 1;
    order.hiddenSinceMs ??= nowMs;
    if (nowMs - order.hiddenSinceMs < HOLD_MS) this.#wait(order);
  }

  #wait(order: WatchedOrder): void {
    this.#waiting.add(order);
    this.#deps.flushSoon();
  }

  #show(order: WatchedOrder): void {
    const { rooms, counts } = this.#deps;
    const { newest, marketId, orderId, owed } = order;
    this.#waiting.delete(order);
    if (!newest) return;
    // Asked now, not when it arrived: the right may have ended since.
    if (!shows(rooms.carriageOf(marketId, orderId), orderId, newest)) {
      this.#hold(order);
      return;
    }
    const frame = frameOf(orderId, newest);
    let busy: Set<Listener> | undefined;
    for (const listener of rooms.positionListeners(marketId, orderId)) {
      if (owed && !owed.has(listener)) continue;
      if (listener.position(frame)) counts.sent += 1;
      else (busy ??= new Set()).add(listener);
    }
    order.owed = busy ?? NOBODY;
    if (busy) this.#wait(order);
  }
}

function newOrder(marketId: string, orderId: string): WatchedOrder {
  return {
    marketId,
    orderId,
    courierRoom: undefined,
    joined: Promise.resolve(),
    newest: undefined,
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
