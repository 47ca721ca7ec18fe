import type { Point } from "#shared/contracts/geo.ts";
import type { MarketMap } from "#shared/contracts/map.ts";

import type { PaymentsConfig } from "../../common/deployment.ts";
import type { GpsState } from "./locate.ts";

/** Whether this phone rides without moving; kept over reloads. */
export interface DemoSwitch {
  readonly isOn: () => boolean;
  turn(on: boolean): void;
  readonly subscribe: (listener: () => void) => () => void;
}

const KEY = "tiffin.demo-ride.1";

export function makeDemoSwitch(storage: Storage): DemoSwitch {
  const listeners = new Set<() => void>();
  let on = storage.getItem(KEY) === "on";
  return {
    isOn: () => on,
    turn(next) {
      on = next;
      if (next) storage.setItem(KEY, "on");
      else storage.removeItem(KEY);
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** A place may be made up only where no real money moves. [DMO12] */
export function mayDemoRide(config: Pick<PaymentsConfig, "paymentsMode"> | undefined): boolean {
  return config?.paymentsMode === "sandbox";
}

interface Whereabouts {
  readonly gps: GpsState;
  readonly point: Point | null;
  readonly map: Pick<MarketMap, "southWest" | "northEast"> | null | undefined;
}

/** The phone's own place does not do to ride here: there is none, or it lies outside the market's map. [DMO12] */
export function needsDemoRide({ gps, point, map }: Whereabouts): boolean {
  if (gps === "denied" || gps === "lost") return true;
  if (!point || !map) return false;
  const { southWest, northEast } = map;
  return (
    point.lat < southWest.lat || point.lat > northEast.lat || point.lng < southWest.lng || point.lng > northEast.lng
  );
}
