import { makeOrderCommands } from "#shared/server/life/order-commands.ts";
import type { LastPositions } from "#shared/server/realtime/last-positions.ts";

import { blackBoxUseCases } from "../black-box/black-box.ts";
import { courierUseCases } from "../deliveries/courier.ts";
import { decisionUseCases } from "../deliveries/decisions.ts";
import { dispatcherUseCases } from "../deliveries/dispatcher.ts";
import { offerUseCases } from "../deliveries/offers.ts";
import { opsUseCases } from "../deliveries/ops.ts";
import { stepUseCases } from "../deliveries/steps.ts";
import { whyUseCases } from "../deliveries/why.ts";
import { customerUseCases } from "./customer.ts";
import { kitchenUseCases } from "./kitchen.ts";
import { officeUseCases } from "./office.ts";
import type { OrderDeps } from "./order-deps.ts";

/** Every use case of orders and deliveries, for the composition root. */
export function orderUseCases(deps: OrderDeps & { readonly positions: LastPositions }) {
  const commandDeps = { ...deps, orderCommands: makeOrderCommands(deps.uow) };
  return {
    ...customerUseCases(deps),
    ...kitchenUseCases(commandDeps),
    ...officeUseCases(deps),
    ...courierUseCases(deps),
    ...offerUseCases(deps),
    ...decisionUseCases(deps),
    ...whyUseCases(deps),
    ...dispatcherUseCases(deps),
    ...stepUseCases(commandDeps),
    ...opsUseCases(deps),
    ...blackBoxUseCases(deps),
  };
}
