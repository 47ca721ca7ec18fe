import { availableParallelism } from "node:os";

import { rehearse, type PlayLiveOptions } from "./play-live.ts";

/** Cores are kept this busy at the pace that is chosen, as far as a rehearsal tells: more orders are under way later. */
const BUSY = 0.65;
const FASTEST = 60;
const SLOWEST = 0.25;
/** A rehearsal lasts so long: two wall minutes, as deployment minutes from, to. */
const REHEARSED_WALL_MIN = 2;
const REHEARSED_MIN = [1.5, 6] as const;
/** Work in a wall second at real time, as a first guess: fixes and the events of orders, in thousandths of a core. */
const FIX_WORK = 5;
const ORDER_WORK = 1_200;

/**
 * The fastest pace that this machine carries: some minutes are rehearsed at a careful one, and the work that they took is
 * scaled, since work goes with deployment time.
 *
 * @returns deployment seconds in a wall second
 */
export async function fastestPace(options: Omit<PlayLiveOptions, "speed" | "dir">, dir: string): Promise<number> {
  const cores = availableParallelism();
  const guess = paceFor(cores * BUSY, guessedCores(options)) / 2;
  const [least, most] = REHEARSED_MIN;
  const minutes = Math.min(options.minutes, most, Math.max(least, REHEARSED_WALL_MIN * guess));
  options.tell(`rehearsing ${minutes} minutes at ${guess} times real time, to find the pace`);
  const { cpuCores } = await rehearse({ ...options, minutes, speed: guess, dir });
  if (cpuCores === null) return guess;
  const pace = paceFor(cores * BUSY, cpuCores / guess);
  options.tell(`${cpuCores} of ${cores} cores were busy: the pace is ${pace}`);
  return pace;
}

/** Cores that real time takes, by the size alone. */
function guessedCores({ town, ordersPerHour, fixEveryMs }: Omit<PlayLiveOptions, "speed" | "dir">): number {
  const fixesAS = (town.couriers.length * 1000) / fixEveryMs;
  return (fixesAS * FIX_WORK + (ordersPerHour / 3_600) * ORDER_WORK) / 1_000 / 2;
}

/** @param coresAtOne cores that real time takes */
export function paceFor(cores: number, coresAtOne: number): number {
  const pace = Math.min(FASTEST, Math.max(SLOWEST, cores / Math.max(coresAtOne, 1e-6)));
  return pace >= 2 ? Math.floor(pace * 2) / 2 : Math.floor(pace * 20) / 20;
}
