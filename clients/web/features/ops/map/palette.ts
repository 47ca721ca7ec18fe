import { DARK, LIGHT } from "../../../../common/theme.ts";
import { useNight } from "../../../../common/map/map-colors.ts";
import type { CourierState } from "./fleet.ts";
import type { OrderLook } from "./looks.ts";

/** The colours of the operator's map by day or by night. */
export interface MapPalette {
  readonly night: boolean;
  readonly couriers: Readonly<Record<CourierState, string>>;
  readonly orders: Readonly<Record<OrderLook, string>>;
  readonly restaurant: string;
  readonly rim: string;
  readonly ink: string;
  readonly short: string;
  readonly idle: string;
}

const paletteOf = (theme: typeof LIGHT, night: boolean): MapPalette => ({
  night,
  couriers: { free: theme.success.main, offered: theme.secondary.main, working: theme.info.main },
  orders: {
    late: theme.error.main,
    waiting: theme.secondary.main,
    kitchen: theme.text.secondary,
    riding: theme.primary.main,
  },
  restaurant: theme.primary.main,
  rim: theme.background.paper,
  ink: theme.text.primary,
  short: theme.error.main,
  idle: theme.info.main,
});

const DAY = paletteOf(LIGHT, false);
const NIGHT = paletteOf(DARK, true);

/** Follows the map's own day and night. */
export function useMapPalette(): MapPalette {
  return useNight() ? NIGHT : DAY;
}

/** What a courier's colour means. */
export const COURIER_WORDS: Readonly<Record<CourierState, string>> = {
  free: "free",
  offered: "has an offer",
  working: "at work",
};
