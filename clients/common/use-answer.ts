import { useCallback, useEffect, useState } from "react";

import type { HubClient } from "#shared/client/hub-client.ts";
import type { CommandInput, CommandName, CommandOutput } from "#shared/contracts/catalogue/catalogue.ts";

import { failureOf, type Failure } from "./failure.ts";

/**
 * What the hub answers: asked when it is first looked at, with each other input, and with each event of a stream (`seq`). The
 * last answer stays until the next one comes; what comes after the place has gone is dropped.
 */
export function useAnswer<N extends CommandName>(hub: HubClient | undefined, name: N, input: CommandInput<N>, seq = 0) {
  const [answer, setAnswer] = useState<CommandOutput<N>>();
  const [failure, setFailure] = useState<Failure>();
  const [again, setAgain] = useState(0);
  // As text: an object is another one with each rendering.
  const asked = JSON.stringify(input);
  useEffect(() => {
    if (!hub) return undefined;
    let gone = false;
    // Cast: the text is of such an input.
    hub.command(name, JSON.parse(asked) as CommandInput<N>).then(
      (next) => {
        if (gone) return;
        setAnswer(next);
        setFailure(undefined);
      },
      (error: unknown) => {
        if (!gone) setFailure(failureOf(error));
      },
    );
    return () => {
      gone = true;
    };
  }, [hub, name, asked, seq, again]);
  const refetch = useCallback(() => setAgain((count) => count + 1), []);
  return { answer, failure, refetch };
}
