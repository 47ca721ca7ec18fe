import { useEffect, useState } from "react";

import type { HubClient } from "#shared/client/hub-client.ts";
import type { SeenEvent, StreamKind } from "#shared/contracts/streams.ts";

export interface Streamed<S> {
  /** Undefined until the first snapshot. */
  readonly state: S | undefined;
  /** The events since the watch began, oldest first. */
  readonly events: readonly SeenEvent[];
  /** The watch is over: this viewer may not see it (any more). */
  readonly closed: boolean;
}

export interface StreamOptions<S> {
  readonly kind: StreamKind;
  readonly marketId: string | undefined;
  readonly id: string | undefined;
  /** A stable function: the state after an event. */
  readonly apply: (state: S, event: SeenEvent) => S;
  /** A stable function, called with each live event and the state after it. */
  readonly onEvent?: (event: SeenEvent, state: S) => void;
}

const nothing = { state: undefined, events: [], closed: false };

/** Follows one stream without loss while the component is shown. */
export function useStream<S>(hub: HubClient | undefined, options: StreamOptions<S>): Streamed<S> {
  const { kind, marketId, id, apply, onEvent } = options;
  const [streamed, setStreamed] = useState<Streamed<S>>(nothing);

  useEffect(() => {
    setStreamed(nothing);
    if (!hub || marketId === undefined || id === undefined) return undefined;
    let state: S | undefined;
    let events: readonly SeenEvent[] = [];
    const watch = hub.watch(
      { marketId, kind, id },
      {
        onSnapshot: (snapshot) => {
          // Cast: the contract's snapshot for a stream of this kind.
          state = snapshot as S;
          setStreamed({ state, events, closed: false });
        },
        onEvent: (event) => {
          if (state === undefined) return;
          state = apply(state, event);
          events = [...events, event];
          setStreamed({ state, events, closed: false });
          onEvent?.(event, state);
        },
        onClosed: () => setStreamed((before) => ({ ...before, closed: true })),
      },
    );
    return () => watch.close();
  }, [hub, kind, marketId, id, apply, onEvent]);

  return streamed;
}
