import { useCallback, useMemo, useState } from "react";

import type { HubClient } from "#shared/client/hub-client.ts";
import type { CommandInput, CommandName } from "#shared/contracts/catalogue/catalogue.ts";

import { failureOf, type Failure } from "../../common/failure.ts";

export interface Commands {
  /** What is under way, by the name that it was given. */
  readonly busy: ReadonlySet<string>;
  readonly failure: Failure | undefined;
  readonly forget: () => void;
  /** Sends it once; while it is under way, the same name does nothing. Answers whether it was done. */
  readonly run: <N extends CommandName>(what: string, name: N, input: CommandInput<N>) => Promise<boolean>;
}

/** Commands of a screen over its socket: sent again over a lost connection, with the same id, until answered. */
export function useCommands(hub: HubClient | undefined): Commands {
  const [busy, setBusy] = useState<ReadonlySet<string>>(new Set());
  const [failure, setFailure] = useState<Failure>();
  const forget = useCallback(() => setFailure(undefined), []);
  const run = useCallback(
    async <N extends CommandName>(what: string, name: N, input: CommandInput<N>) => {
      if (!hub || busy.has(what)) return false;
      setBusy((before) => new Set(before).add(what));
      try {
        await hub.command(name, input);
        return true;
      } catch (error) {
        setFailure(failureOf(error));
        return false;
      } finally {
        setBusy((before) => new Set([...before].filter((each) => each !== what)));
      }
    },
    [hub, busy],
  );
  return useMemo(() => ({ busy, failure, forget, run }), [busy, failure, forget, run]);
}
