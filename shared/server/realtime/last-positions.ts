import type { Position } from "#shared/contracts/streams.ts";

import type { RedisClient } from "../redis/connect.ts";

/** Wall ms after which a courier who sends nothing has no known place. */
export const LAST_POSITION_TTL_MS = 15 * 60_000;

export interface LastPositions {
  /** Keeps it for the ones who come later. Never throws: a lost one is replaced by the next. */
  keep(position: Position): Promise<void>;
  /** In the order asked; undefined where none is known, or while Redis is away. */
  read(marketId: string, courierIds: readonly string[]): Promise<(Position | undefined)[]>;
}

/** The newest position of every courier, in Redis with a time to live. One key a courier, so a cluster spreads them. */
export function makeLastPositions(redis: Pick<RedisClient, "set" | "get">): LastPositions {
  const keyOf = (marketId: string, courierId: string) => `last-position/${marketId}/${courierId}`;
  return {
    async keep(position) {
      try {
        await redis.set(
          keyOf(position.marketId, position.courierId),
          JSON.stringify(position),
          "PX",
          LAST_POSITION_TTL_MS,
        );
      } catch {
        // Positions are dropped first; the client's own error event has been reported.
      }
    },
    read(marketId, courierIds) {
      return Promise.all(
        courierIds.map(async (courierId) => {
          try {
            const text = await redis.get(keyOf(marketId, courierId));
            // Cast: written by `keep` above, by this version or the one before it.
            return text === null ? undefined : (JSON.parse(text) as Position);
          } catch {
            return undefined;
          }
        }),
      );
    },
  };
}
