import type { administrationCommands } from "#shared/contracts/catalogue/administration.ts";

import type { UseCases } from "../use-cases.ts";
import { courierAdminUseCases } from "./couriers.ts";
import type { AdministrationDeps } from "./deps.ts";
import { menuUseCases } from "./menus.ts";
import { restaurantUseCases } from "./restaurants.ts";
import { staffUseCases } from "./staff.ts";

/** Everything that an operator and a restaurant set up. */
export function administrationUseCases(deps: AdministrationDeps): Pick<UseCases, keyof typeof administrationCommands> {
  return {
    ...restaurantUseCases(deps),
    ...menuUseCases(deps),
    ...staffUseCases(deps),
    ...courierAdminUseCases(deps),
  };
}
