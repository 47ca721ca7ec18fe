import { parseArgs } from "node:util";

import { DEMO_SIZE, type DemoSize } from "../demo/plan.ts";
import { DATA } from "./folders.ts";

export interface StartOptions {
  readonly quiet: boolean;
  /** Of the first hub; the second has the next. */
  readonly port: number;
  readonly dir: string;
  /** Deployment seconds in a wall second. */
  readonly speed: number;
  readonly size: DemoSize;
  /** In an hour of the deployment's clock, on the average of a day. */
  readonly ordersPerHour: number;
}

/** At ten times, an order of half an hour is seen from placed to delivered in three minutes. */
const SPEED = 10;
/** On the average of a day; the evening has more than twice as many. */
const ORDERS_PER_HOUR = 40;
/** What the clock of a deployment takes. */
const FASTEST = 1_000;

/**
 * What `npm start --` was given.
 *
 * @throws {Error} naming the option and what it takes
 */
export function startOptions(args: readonly string[]): StartOptions {
  const text = (fallback: string | number) => ({ type: "string", default: String(fallback) }) as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      quiet: { type: "boolean", default: false },
      port: text(3000),
      data: text(DATA),
      speed: text(SPEED),
      restaurants: text(DEMO_SIZE.restaurants),
      couriers: text(DEMO_SIZE.couriers),
      customers: text(DEMO_SIZE.customers),
      "orders-per-hour": text(ORDERS_PER_HOUR),
      hours: text(DEMO_SIZE.hours),
    },
  });
  const number = (name: Exclude<keyof typeof values, "quiet">, least: number, most: number): number => {
    const value = Number(values[name]);
    if (Number.isFinite(value) && value >= least && value <= most) return value;
    throw new Error(`--${name} takes a number from ${least} to ${most}, not "${values[name]}".`);
  };
  const whole = (name: Exclude<keyof typeof values, "quiet">, least: number, most: number): number =>
    Math.floor(number(name, least, most));
  const { hours } = values;
  if (hours !== "always" && hours !== "real") throw new Error(`--hours takes "always" or "real", not "${hours}".`);
  return {
    quiet: values.quiet,
    port: whole("port", 1, 65_534),
    dir: values.data,
    speed: number("speed", 0.1, FASTEST),
    size: {
      restaurants: whole("restaurants", 2, 100),
      couriers: whole("couriers", 1, 500),
      customers: whole("customers", 1, 2_000),
      hours,
    },
    ordersPerHour: number("orders-per-hour", 0, 100_000),
  };
}
