import { roomOf } from "#shared/contracts/rooms.ts";
import type { Position } from "#shared/contracts/streams.ts";

/** Wall ms after which a courier is announced to a zone again, whoever was told before: a word may have been lost. */
export const ANNOUNCE_AGAIN_MS = 5 * 60_000;
/** Couriers remembered; beyond, the one told longest ago is announced once more. */
const REMEMBERED = 20_000;

/**
 * Which positions the hubs that watch a zone must be told of in the zone's own room. Whoever has heard of a courier there
 * listens to the courier's room from then on, where every position goes: so a courier is announced when they come into the
 * zone, and when somebody begins to watch it. [RTM41]
 */
export interface Arrivals {
  /** Undefined when the zone knows of the courier; else what to call when the position has been published in its room. */
  announce(position: Position): (() => void) | undefined;
  /** Somebody watches the zones of these rooms anew. */
  asked(zoneRooms: readonly string[]): void;
  /** Every asking is heard from now on; until the first call every position is announced. What was missed is made up for. */
  hears(): void;
}

/** @param nowMs wall time */
export function makeArrivals(nowMs: () => number): Arrivals {
  /** By courier's room. */
  const announced = new Map<string, { readonly zoneRoom: string; readonly atMs: number }>();
  const askedAtMs = new Map<string, number>();
  let hearing = false;

  function isKnown(courierRoom: string, zoneRoom: string, atMs: number): boolean {
    const known = announced.get(courierRoom);
    if (!hearing || known?.zoneRoom !== zoneRoom) return false;
    return known.atMs > Math.max(atMs - ANNOUNCE_AGAIN_MS, askedAtMs.get(zoneRoom) ?? -Infinity);
  }

  return {
    announce({ marketId, courierId, zone }) {
      const [courierRoom, zoneRoom] = [roomOf.courierPosition(marketId, courierId), roomOf.zone(marketId, zone)];
      const atMs = nowMs();
      if (isKnown(courierRoom, zoneRoom, atMs)) return undefined;
      return () => {
        announced.delete(courierRoom);
        // As of before it was published: who asked meanwhile may have come too late for it.
        announced.set(courierRoom, { zoneRoom, atMs });
        const [oldest] = announced.keys();
        if (announced.size > REMEMBERED && oldest !== undefined) announced.delete(oldest);
      };
    },
    asked(zoneRooms) {
      const atMs = nowMs();
      for (const room of zoneRooms) askedAtMs.set(room, atMs);
      // Whoever was told before then is announced again by now.
      for (const [room, ms] of askedAtMs) if (ms < atMs - ANNOUNCE_AGAIN_MS) askedAtMs.delete(room);
    },
    hears() {
      hearing = true;
      announced.clear();
    },
  };
}
