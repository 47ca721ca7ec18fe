import type { z } from "zod";

import { accountCommands } from "./accounts.ts";
import { administrationCommands } from "./administration.ts";
import { browsingCommands } from "./browsing.ts";
import { deliveringCommands } from "./delivering.ts";
import { geocodingCommands } from "./geocoding.ts";
import { orderCommands } from "./orders.ts";

/** Everything that the platform can be asked, once. */
export const CATALOGUE = {
  ...accountCommands,
  ...administrationCommands,
  ...browsingCommands,
  ...geocodingCommands,
  ...orderCommands,
  ...deliveringCommands,
} as const;

export type CommandName = keyof typeof CATALOGUE;
/** What a caller writes: defaults may be left out. */
export type CommandInput<N extends CommandName> = z.input<(typeof CATALOGUE)[N]["input"]>;
/** What a use case reads: parsed. */
export type ParsedInput<N extends CommandName> = z.output<(typeof CATALOGUE)[N]["input"]>;
export type CommandOutput<N extends CommandName> = z.output<(typeof CATALOGUE)[N]["output"]>;
