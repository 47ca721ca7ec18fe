import type { DemoAccounts } from "./populate.ts";
import type { Login } from "./seed.ts";
import type { RunningSystem } from "./system.ts";

interface Welcome {
  readonly system: Pick<RunningSystem, "hubUrls" | "sandboxUrl" | "databaseUrl">;
  readonly accounts: DemoAccounts;
  readonly quiet: boolean;
  readonly dir: string;
}

/** What a newcomer needs to see when everything is up: addresses, a login for each role, what to try. */
export function welcome({ system, accounts, quiet, dir }: Welcome): string {
  const [home = "", second = home] = system.hubUrls;
  const line = (screen: string, url: string, login: Login | undefined): string =>
    `  ${screen.padEnd(12)}${url.padEnd(34)}${login === undefined ? "" : `${login.email}  ${login.password}`}`;
  const [kitchen] = accounts.kitchens;
  return [
    "",
    "Tiffin is up. No real money moves: payments go to a sandbox on this machine.",
    "",
    line("Customer", `${home}/`, accounts.customers[0]),
    line("Kitchen", `${home}/kitchen`, kitchen),
    line("Courier", `${second}/courier/`, accounts.couriers[0]),
    line("Operator", `${second}/ops`, accounts.dispatcher),
    line("Admin (API)", `${home}/docs`, accounts.admin),
    "",
    "Try: order as the customer" +
      (kitchen === undefined ? "" : ` from ${kitchen.restaurantName}`) +
      " with the card 4242 4242 4242 4242,",
    "confirm and cook it as the kitchen, start a shift as the courier and take the offer, and watch it as the operator.",
    quiet ? "Nobody else is playing (--quiet)." : "Actors play the other customers, kitchens and couriers.",
    `Logs: ${dir}/logs. Ctrl-C stops everything and keeps the data; "npm run reset" empties it.`,
    "",
  ].join("\n");
}
