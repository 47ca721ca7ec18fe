import type { Clock } from "#shared/lib/clock.ts";

import type { RoomBus } from "./room-bus.ts";

/** Wall ms before a failed subscription is tried again. */
const SUBSCRIBE_AGAIN_MS = 1_000;

export interface JoinDeps {
  readonly bus: Pick<RoomBus, "join">;
  /** Wall time. */
  readonly clock: Clock;
}

/**
 * Joins a room, again and again while it is wanted.
 *
 * @returns whether it is subscribed; false when it is wanted no more
 */
export async function joinUntil(
  { bus, clock }: JoinDeps,
  room: string,
  wanted: () => boolean,
  onRefused: (error: unknown) => void = () => {},
): Promise<boolean> {
  while (wanted()) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
      await bus.join(room);
      return true;
    } catch (error) {
      onRefused(error);
      // oxlint-disable-next-line no-await-in-loop
      await new Promise<void>((done) => void clock.after(SUBSCRIBE_AGAIN_MS, done));
    }
  }
  return false;
}
