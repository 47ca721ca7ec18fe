import {
  POSITION_TICK_MS as TICK_MS,
  type Position,
  type PositionFrame,
  type ZoneFrame,
} from "../contracts/streams.ts";
import { CARRYING, carriageOfRow, shows } from "../domain/tracking/carriage.ts";
import { decodeTrace } from "../domain/tracking/motion/trace-text.ts";
import { positionOf, takeFixes, type KeptFix } from "../domain/tracking/take-fixes.ts";
import type { Clock } from "../lib/clock.ts";
import { ownCourier, type SimCase, type SimDeps } from "./cases.ts";
import type { SimCourier } from "./store.ts";

/** A courier who sends nothing for so long has no known place. */
const FORGET_AFTER_MS = 15 * 60_000;
const MINUTE_MS = 60_000;

/** Who may be shown positions. */
export interface PositionWatchers {
  /** Shows a position to the customer and the office who watch the order. */
  order(orderId: string, frame: PositionFrame): void;
  zone(marketId: string, frame: ZoneFrame): void;
}

export interface SimPositions {
  readonly pushMotion: SimCase<"motion.push">;
  readonly pushTrace: SimCase<"trace.push">;
  readonly last: (courierId: string) => Position | undefined;
  /** The newest position that may be shown with an order. */
  readonly shown: (orderId: string) => PositionFrame | undefined;
}

/** The newest place of every courier; who may see it hears of it once a tick. */
export function makeSimPositions(deps: SimDeps, clock: Clock, watchers: PositionWatchers): SimPositions {
  const { store } = deps;
  const newest = new Map<string, { readonly fix: KeptFix; readonly position: Position; readonly keptAtMs: number }>();
  /** Couriers who moved since the last tick. */
  const moved = new Set<string>();

  function shown(orderId: string): PositionFrame | undefined {
    const delivery = store.order(orderId)?.delivery;
    const position = delivery?.courierId ? last(delivery.courierId) : undefined;
    if (!delivery || !position || !shows(carriageOfRow(delivery), orderId, position)) return undefined;
    const { lat, lng, speedMps, headingDeg, takenAtMs } = position;
    return { orderId, lat, lng, speedMps, headingDeg, takenAtMs };
  }

  function last(courierId: string): Position | undefined {
    const found = newest.get(courierId);
    return found && clock.nowMs() - found.keptAtMs < FORGET_AFTER_MS ? found.position : undefined;
  }

  function tick(): void {
    const zones = new Map<string, { readonly marketId: string; readonly frame: ZoneFrame }>();
    const inZone = new Map<string, ZoneFrame["couriers"][number][]>();
    for (const courierId of moved) {
      const position = newest.get(courierId)?.position;
      if (!position) continue;
      for (const { orderId } of position.carrying) {
        const frame = shown(orderId);
        if (frame) watchers.order(orderId, frame);
      }
      const { marketId, zone, lat, lng, speedMps, headingDeg, takenAtMs } = position;
      const couriers = inZone.get(`${marketId}/${zone}`) ?? [];
      couriers.push({ courierId, lat, lng, speedMps, headingDeg, takenAtMs });
      inZone.set(`${marketId}/${zone}`, couriers);
      zones.set(`${marketId}/${zone}`, { marketId, frame: { zone, couriers } });
    }
    moved.clear();
    for (const { marketId, frame } of zones.values()) watchers.zone(marketId, frame);
  }

  function carriedBy(courier: SimCourier): Position["carrying"] {
    return [...store.orders(courier.held)].flatMap(({ order, delivery }) =>
      delivery && CARRYING.includes(delivery.status)
        ? [{ orderId: order.id, deliveryId: delivery.id, version: delivery.version }]
        : [],
    );
  }

  return {
    last,
    shown,
    pushMotion: (caller, { marketId, motion }) => {
      const courier = ownCourier(store, caller, marketId);
      const { row } = courier;
      const { kept, newest: fix } = takeFixes([motion], newest.get(row.id)?.fix, clock.nowMs());
      if (!fix || kept.length === 0) return { kept: 0 };
      newest.set(row.id, {
        fix,
        position: positionOf(fix, marketId, row.id, carriedBy(courier)),
        keptAtMs: clock.nowMs(),
      });
      if (row.lastFixAtMs === null || row.lastFixAtMs <= fix.takenAtMs - MINUTE_MS) {
        store.setCourier({ ...row, lastLat: fix.lat, lastLng: fix.lng, lastFixAtMs: fix.takenAtMs });
      }
      if (moved.size === 0) clock.after(TICK_MS - (clock.nowMs() % TICK_MS), tick);
      moved.add(row.id);
      return { kept: 1 };
    },
    // Nobody here reads a trace again.
    pushTrace: (caller, { marketId, trace }) => {
      ownCourier(store, caller, marketId);
      return { kept: decodeTrace(trace)?.length ?? 0 };
    },
  };
}
