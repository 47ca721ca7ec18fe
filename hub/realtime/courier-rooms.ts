import type { Clock } from "#shared/lib/clock.ts";
import { LAST_POSITION_TTL_MS } from "#shared/server/realtime/last-positions.ts";

import { joinUntil } from "./join-until.ts";
import type { RoomBus } from "./room-bus.ts";

/** A place where couriers stand, and their rooms. */
interface Place {
  readonly couriers: Set<string>;
}

/** A courier whose room is joined, for orders or for a zone. */
interface Courier<Order, Zone extends Place> {
  readonly orders: Set<Order>;
  /** Resolves when the room is subscribed. */
  joined: Promise<unknown>;
  zone: Zone | undefined;
  /** Wall ms. */
  heardAtMs: number;
}

export interface CourierRoomsDeps {
  readonly bus: Pick<RoomBus, "join" | "leave">;
  /** Wall time. */
  readonly clock: Clock;
}

/**
 * The couriers' rooms that this hub has joined: each while the courier carries an order that is watched here, or stands in a
 * zone that is. [RTM41]
 */
export class CourierRooms<Order, Zone extends Place> {
  readonly #bus: CourierRoomsDeps["bus"];
  readonly #clock: Clock;
  /** By room. */
  readonly #couriers = new Map<string, Courier<Order, Zone>>();

  constructor({ bus, clock }: CourierRoomsDeps) {
    this.#bus = bus;
    this.#clock = clock;
  }

  /** Orders that the courier carries for somebody here. */
  ordersOf(room: string): Iterable<Order> {
    return this.#couriers.get(room)?.orders ?? [];
  }

  /** @returns resolves when the courier's room is subscribed, or wanted no more */
  carries(room: string, order: Order): Promise<unknown> {
    const courier = this.#joined(room);
    courier.orders.add(order);
    return courier.joined;
  }

  carriesNoMore(room: string, order: Order): void {
    this.#couriers.get(room)?.orders.delete(order);
    this.#leaveIfIdle(room);
  }

  /** The courier has just been heard of, in this zone of those that are watched here, or in none of them. */
  standsIn(room: string, zone: Zone | undefined): void {
    const courier = this.#couriers.get(room) ?? (zone && this.#joined(room));
    if (!courier) return;
    courier.heardAtMs = this.#clock.nowMs();
    if (courier.zone === zone) return;
    courier.zone?.couriers.delete(room);
    courier.zone = zone;
    zone?.couriers.add(room);
    this.#leaveIfIdle(room);
  }

  /** Who is silent for so long that nobody knows their place any more has gone. */
  forgetSilent(): void {
    const sinceMs = this.#clock.nowMs() - LAST_POSITION_TTL_MS;
    for (const [room, { zone, heardAtMs }] of this.#couriers)
      if (zone && heardAtMs < sinceMs) this.standsIn(room, undefined);
  }

  /** The courier of a room, joined now if nobody needed it before. */
  #joined(room: string): Courier<Order, Zone> {
    const known = this.#couriers.get(room);
    if (known) return known;
    const courier: Courier<Order, Zone> = {
      orders: new Set<Order>(),
      joined: Promise.resolve(),
      zone: undefined,
      heardAtMs: this.#clock.nowMs(),
    };
    this.#couriers.set(room, courier);
    courier.joined = joinUntil(
      { bus: this.#bus, clock: this.#clock },
      room,
      () => this.#couriers.get(room) === courier,
    );
    return courier;
  }

  #leaveIfIdle(room: string): void {
    const courier = this.#couriers.get(room);
    if (!courier || courier.orders.size > 0 || courier.zone) return;
    this.#couriers.delete(room);
    this.#bus.leave(room);
  }
}
