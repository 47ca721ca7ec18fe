import { roomOf } from "../../contracts/rooms.ts";
import { POSITION_GATHER_MS, type Position } from "../../contracts/streams.ts";
import type { Clock } from "../../lib/clock.ts";
import type { LastPositions } from "./last-positions.ts";
import type { Publisher } from "./publish.ts";

export interface PositionOutboxDeps {
  readonly last: Pick<LastPositions, "keep">;
  readonly publisher: Pick<Publisher, "publishPosition">;
  /** Wall time. */
  readonly clock: Clock;
  /** Wall ms for which positions are gathered before they go to Redis. */
  readonly gatherMs?: number;
}

/**
 * Positions of the couriers who are at this hub, on their way to all hubs. They wait here for the tick's first part, where one
 * wait serves all who watch: a hub is woken once for all that another one gathered, and being woken costs more than a position.
 */
export interface PositionOutbox {
  /**
   * Keeps the position for those who come later, and tells the hubs that show the courier; of one courier the newest that is
   * gathered. Nobody waits for Redis: what it loses comes with the next. [RTM46]
   */
  tell(position: Position): void;
  /** What is gathered goes now: before the hub ends, since a courier's next may be long in coming. */
  flush(): void;
}

export function makePositionOutbox({
  last,
  publisher,
  clock,
  gatherMs = POSITION_GATHER_MS,
}: PositionOutboxDeps): PositionOutbox {
  const gathered = new Map<string, Position>();
  let cancel = () => {};

  /** In one turn, so that the client writes all of it at once. */
  function flush(): void {
    cancel();
    for (const position of gathered.values()) {
      void last.keep(position);
      void publisher.publishPosition(position);
    }
    gathered.clear();
  }

  return {
    tell(position) {
      if (gathered.size === 0) cancel = clock.after(gatherMs, flush);
      gathered.set(roomOf.courierPosition(position.marketId, position.courierId), position);
    },
    flush,
  };
}
