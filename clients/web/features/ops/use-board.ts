import { useEffect, useMemo, useState } from "react";

import type { HubClient } from "#shared/client/hub-client.ts";
import type { Point } from "#shared/contracts/geo.ts";
import type { ZoneFrame } from "#shared/contracts/streams.ts";

import { failureOf, type Failure } from "../../../common/failure.ts";
import { withAnswer, type Board } from "./board.ts";
import { watchedZones } from "./watched-zones.ts";

/** The board is asked what has changed so often, wall ms; what moves on it comes by itself. */
const AGAIN_MS = 2_000;
/** And so often for the whole of it: a courier who was struck off the list says so by no event. */
const WHOLE_MS = 5 * 60_000;

/** The market's board, kept current while the screen is shown. */
export function useBoard(hub: HubClient | undefined, marketId: string) {
  const [board, setBoard] = useState<Board>();
  const [failure, setFailure] = useState<Failure>();
  useEffect(() => {
    if (!hub) return undefined;
    let gone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let held: Board | undefined;
    let wholeAtMs = -Infinity;
    const ask = async () => {
      const whole = held === undefined || performance.now() - wholeAtMs > WHOLE_MS;
      try {
        const answer = await hub.command("ops.board", { marketId, ...(whole ? {} : { since: held?.version }) });
        if (gone) return;
        if (answer.whole) wholeAtMs = performance.now();
        held = withAnswer(held, answer);
        setBoard(held);
        setFailure(undefined);
      } catch (error) {
        if (!gone) setFailure(failureOf(error));
      }
      if (!gone) timer = setTimeout(() => void ask(), AGAIN_MS);
    };
    void ask();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [hub, marketId]);
  return { board, failure };
}

/** Hears where couriers are, in the zones around everything that is on the map. */
export function useZones(
  hub: HubClient | undefined,
  marketId: string,
  around: { readonly center: Point; readonly places: readonly Point[] },
  onFrame: (frame: ZoneFrame) => void,
) {
  const { center, places } = around;
  const [refused, setRefused] = useState<Failure>();
  // The text stands for the list: the same zones are not asked for again.
  const zonesText = useMemo(() => watchedZones(center, places).join(" "), [center, places]);
  useEffect(() => hub?.onZone(onFrame), [hub, onFrame]);
  useEffect(() => {
    if (!hub) return;
    hub.watchZones(marketId, zonesText.split(" ")).then(
      () => setRefused(undefined),
      (error: unknown) => setRefused(failureOf(error)),
    );
  }, [hub, marketId, zonesText]);
  return { refused };
}
