import { useCallback, useEffect, useState } from "react";

import type { HubClient } from "#shared/client/hub-client.ts";
import type { CommandInput } from "#shared/contracts/catalogue/catalogue.ts";
import type { DispatchDecision } from "#shared/contracts/dispatch.ts";

import { failureOf, type Failure } from "../../../common/failure.ts";

/** A delivery in the dispatch round that offered it. */
export type DecisionRef = Required<Pick<CommandInput<"dispatch.decision">, "marketId" | "decisionId" | "deliveryId">>;

/** What a round decided about a delivery, and why; asked when first looked at: a kept round never changes. */
export function useDecision(hub: HubClient | undefined, { marketId, decisionId, deliveryId }: DecisionRef) {
  const [decision, setDecision] = useState<DispatchDecision>();
  const [failure, setFailure] = useState<Failure>();
  const [again, setAgain] = useState(0);
  useEffect(() => {
    if (!hub) return undefined;
    let gone = false;
    hub.command("dispatch.decision", { marketId, decisionId, deliveryId }).then(
      (next) => {
        if (gone) return;
        setDecision(next);
        setFailure(undefined);
      },
      (error: unknown) => {
        if (!gone) setFailure(failureOf(error));
      },
    );
    return () => {
      gone = true;
    };
  }, [hub, marketId, decisionId, deliveryId, again]);
  const refetch = useCallback(() => setAgain((count) => count + 1), []);
  return { decision, failure, refetch };
}
