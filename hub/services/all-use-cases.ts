import type { Clock } from "#shared/lib/clock.ts";
import { boardOf, couriersOnDuty } from "#shared/server/life/board.ts";
import type { LastPositions } from "#shared/server/realtime/last-positions.ts";
import type { Publisher } from "#shared/server/realtime/publish.ts";

import type { Passwords } from "../auth/passwords.ts";
import { accountUseCases } from "./accounts/accounts.ts";
import type { Sessions } from "./accounts/sessions.ts";
import { administrationUseCases } from "./administration/administration.ts";
import { browsingUseCases } from "./browsing/browsing.ts";
import { courierUseCases } from "./deliveries/courier.ts";
import { offerUseCases } from "./deliveries/offers.ts";
import { stepUseCases } from "./deliveries/steps.ts";
import { customerUseCases } from "./orders/customer.ts";
import { kitchenUseCases } from "./orders/kitchen.ts";
import { officeUseCases } from "./orders/office.ts";
import type { OrderDeps } from "./orders/order-deps.ts";
import { makeFixPush } from "./positions/fix-push.ts";
import type { UseCase, UseCases } from "./use-cases.ts";

export interface UseCaseDeps extends OrderDeps {
  /** Wall time: sessions and positions live in it. */
  readonly wall: Clock;
  readonly passwords: Passwords;
  readonly sessions: Sessions;
  readonly last: LastPositions;
  readonly publisher: Publisher;
}

/** Every entry of the catalogue with its handler. */
export function makeUseCases(deps: UseCaseDeps): UseCases {
  return {
    ...accountUseCases(deps),
    ...administrationUseCases(deps),
    ...browsingUseCases(deps),
    ...customerUseCases(deps),
    ...kitchenUseCases(deps),
    ...officeUseCases(deps),
    ...courierUseCases(deps),
    ...offerUseCases(deps),
    ...stepUseCases(deps),
    "fix.push": makeFixPush({ ...deps, clock: deps.wall }),
    "ops.board": makeBoard(deps),
  };
}

/** Reads, and changes nothing. */
function makeBoard({ db, clock, last }: UseCaseDeps): UseCase<"ops.board"> {
  return async (_caller, { marketId }) => {
    const duty = await couriersOnDuty(db.orm, marketId);
    const ids = duty.map(({ courier }) => courier.id);
    const positions = await last.read(marketId, ids);
    const newest = new Map(
      positions.flatMap((position) => (position ? [[position.courierId, position] as const] : [])),
    );
    return boardOf(db.orm, marketId, clock.nowMs(), newest);
  };
}
