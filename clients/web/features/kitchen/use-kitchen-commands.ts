import { useMemo } from "react";

import type { HubClient } from "#shared/client/hub-client.ts";

import { useCommands, type Commands } from "../../lib/use-commands.ts";

/** One restaurant of one market. */
export interface Place {
  readonly marketId: string;
  readonly restaurantId: string;
}

export interface KitchenCommands extends Commands {
  readonly place: Place;
}

/** The kitchen's commands over its socket. */
export function useKitchenCommands(hub: HubClient | undefined, place: Place): KitchenCommands {
  const commands = useCommands(hub);
  return useMemo(() => ({ ...commands, place }), [commands, place]);
}
