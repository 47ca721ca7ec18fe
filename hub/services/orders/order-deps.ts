import type { Db } from "#shared/server/db/connect.ts";
import type { UnitOfWork } from "#shared/server/db/unit-of-work.ts";
import type { MarketReader } from "#shared/server/life/etas.ts";
import type { OrderCommands } from "#shared/server/life/order-commands.ts";
import type { Clock } from "#shared/lib/clock.ts";
import type { Settle } from "#shared/server/life/settle.ts";

/** What the use cases of orders and deliveries stand on. */
export interface OrderDeps {
  readonly db: Db;
  readonly uow: UnitOfWork;
  readonly clock: Clock;
  readonly market: MarketReader;
  readonly settle: Settle;
  readonly settings: OrderSettings;
  /** Asks for a dispatch round of the market, soon; a lost hint costs one interval. */
  readonly hintRound: (marketId: string) => void;
}

/** All in deployment milliseconds. */
export interface OrderSettings {
  /** How long an order waits for its payment. */
  readonly payWithinMs: number;
  /** How long a kitchen has to answer. */
  readonly confirmWithinMs: number;
  /** From the hand-over to the conclusion: tips, complaints and payout. */
  readonly concludeAfterMs: number;
}

/** With what is made once for all of them. */
export interface CommandDeps extends OrderDeps {
  readonly orderCommands: OrderCommands;
}
