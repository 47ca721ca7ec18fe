import { DEMO_ADMIN, type DemoAccounts } from "./populate.ts";
import type { Login } from "./seed.ts";
import type { StartOptions } from "./start-options.ts";
import type { RunningSystem } from "./system.ts";

interface Welcome {
  readonly system: Pick<RunningSystem, "hubUrls">;
  readonly accounts: DemoAccounts;
  readonly options: Pick<StartOptions, "quiet" | "dir" | "speed">;
}

/** What a newcomer needs to see as soon as it can be used: addresses, a login for each role, what to try. */
export function welcome({ system, accounts, options }: Welcome): string {
  const { quiet, dir, speed } = options;
  const [home = "", second = home] = system.hubUrls;
  const line = (screen: string, url: string, login: Login | undefined): string =>
    `  ${screen.padEnd(12)}${url.padEnd(34)}${login === undefined ? "" : `${login.email}  ${login.password}`}`;
  const restaurant = accounts.kitchens[0]?.restaurantName ?? "your restaurant";
  return [
    "",
    "Tiffin is up: Montevideo, with real streets and real names of restaurants. Menus, prices, hours and people are demo data,",
    "and no real money moves: payments go to a sandbox on this machine." +
      (speed === 1 ? "" : ` The city's clock runs ${speed} times as fast as yours (--speed 1: as fast).`),
    "",
    line("Operator", `${second}/ops`, accounts.dispatcher),
    line("Customer", `${home}/`, accounts.customers[0]),
    line("Kitchen", `${home}/kitchen`, accounts.kitchens[0]),
    line("Courier", `${second}/courier/`, accounts.couriers[0]),
    line("Admin (API)", `${home}/docs`, DEMO_ADMIN),
    "",
    "Try:",
    quiet
      ? "  - Nobody else is playing (--quiet): the city is yours."
      : "  - Watch the operator's map. A twin plays the other customers, kitchens and couriers; click one to see its order's story.",
    "  - Order as the customer, with the card 4242 4242 4242 4242, and follow the food along the streets.",
    `  - Cook as the kitchen: what is ordered from ${restaurant} waits for you alone.`,
    "  - Ride as the courier: start a shift and take an offer; with the demo ride, from your chair.",
    "",
    `Map data © OpenStreetMap contributors, ODbL. Logs: ${dir}/logs.`,
    'Ctrl-C stops everything and keeps the data; "npm run reset" empties it.',
    "",
  ].join("\n");
}
