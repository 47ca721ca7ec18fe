import { roomOf } from "#shared/contracts/rooms.ts";
import { type Position, STREAM_KINDS, type StoredEvent, type StreamRef } from "#shared/contracts/streams.ts";

import type { RedisClient } from "../redis/connect.ts";
import type { Arrivals } from "./arrivals.ts";
import { broadcastOf, channelOf } from "./wire.ts";

export interface Publisher {
  /** Announces committed events to the hubs that have watchers. Never throws: a follower repairs what is lost here. */
  publish(events: readonly StoredEvent[]): Promise<void>;
  /**
   * Announces a courier's newest position, once for all hubs that show the courier, and to the hubs of the zone when the
   * courier is new there. Never throws, is never tried again. [RTM41]
   */
  publishPosition(position: Position): Promise<void>;
  /** Since the start of the process. */
  readonly counts: {
    readonly published: number;
    readonly failed: number;
    readonly positions: number;
    readonly positionsLost: number;
  };
}

export interface PublisherDeps {
  readonly events: Pick<RedisClient, "spublish">;
  /** Its own client, so that positions never stand before events. */
  readonly positions: Pick<RedisClient, "spublish">;
  /** Where the zones' hubs ask who is there; without it each position is announced in its zone's room. */
  readonly arrivals?: Arrivals;
  /** Told once for each failed call. */
  readonly onLost: (error: unknown) => void;
}

/**
 * Sends events and positions to hubs in the sharded adapter's own format, from any process. [RTM1, RTM2]
 *
 * Called twice, readers drop the repeat by its seq; late, they had it from the store; never, the same.
 */
export function makePublisher(deps: PublisherDeps): Publisher {
  const counts = { published: 0, failed: 0, positions: 0, positionsLost: 0 };
  /** @returns whether Redis has taken it */
  function tell(room: string, position: Position): Promise<boolean> {
    const text = broadcastOf("/positions", room, "position", position);
    return deps.positions.spublish(channelOf("/positions", room), text).then(
      () => {
        counts.positions += 1;
        return true;
      },
      () => {
        counts.positionsLost += 1;
        return false;
      },
    );
  }
  return {
    counts,
    async publish(events) {
      const sends = events.flatMap((event) =>
        streamsOf(event).map((ref) => {
          const room = roomOf.stream(ref);
          return deps.events.spublish(channelOf("/streams", room), broadcastOf("/streams", room, "event", event));
        }),
      );
      const lost = await lostOf(sends);
      counts.published += sends.length - lost.length;
      counts.failed += lost.length;
      if (lost.length > 0) deps.onLost(lost[0]);
    },
    async publishPosition(position) {
      const { marketId, courierId, zone } = position;
      const announced = deps.arrivals ? deps.arrivals.announce(position) : () => {};
      const toCourier = tell(roomOf.courierPosition(marketId, courierId), position);
      if (!announced) return void (await toCourier);
      const told = await Promise.all([toCourier, tell(roomOf.zone(marketId, zone), position)]);
      if (told.every(Boolean)) announced();
    },
  };
}

/** The streams that an event stands in. */
export function streamsOf(event: StoredEvent): StreamRef[] {
  return STREAM_KINDS.flatMap((kind) => {
    const id = { order: event.orderId, restaurant: event.restaurantId, courier: event.courierId }[kind];
    const seq = { order: event.orderSeq, restaurant: event.restaurantSeq, courier: event.courierSeq }[kind];
    return id !== null && seq !== null ? [{ marketId: event.marketId, kind, id }] : [];
  });
}

async function lostOf(sends: readonly Promise<unknown>[]): Promise<unknown[]> {
  const outcomes = await Promise.allSettled(sends);
  return outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
}
