import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { CATALOGUE, type CommandName } from "../contracts/catalogue/catalogue.ts";
import type { Command } from "../contracts/catalogue/command.ts";
import type { Route } from "./route.ts";

/** What a client must know of the catalogue at run time: no schemas. */
export function routesOf(catalogue: Readonly<Record<string, Command>>): Record<string, Route> {
  return Object.fromEntries(
    Object.entries(catalogue).map(([name, entry]) => [
      name,
      [entry.rest.method, entry.rest.path, entry.kind === "command" && entry.rights !== "public"],
    ]),
  );
}

/** The text of `routes.ts`. */
export function routesSource(routes: Readonly<Record<CommandName, Route>>): string {
  const lines = Object.entries(routes).map(
    ([name, route]) => `  ${JSON.stringify(name)}: ${JSON.stringify(route).replaceAll(",", ", ")},`,
  );
  return [
    "// Written from the catalogue by write-routes.ts; a test says when it is old.",
    'import type { CommandName } from "../contracts/catalogue/catalogue.ts";',
    'import type { Route } from "./route.ts";',
    "",
    "export const ROUTES: Readonly<Record<CommandName, Route>> = {",
    ...lines,
    "};",
    "",
  ].join("\n");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // Cast: routesOf keeps the catalogue's names.
  const routes = routesOf(CATALOGUE) as Record<CommandName, Route>;
  writeFileSync(fileURLToPath(new URL("routes.ts", import.meta.url)), routesSource(routes));
}
