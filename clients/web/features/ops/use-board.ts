import { useEffect, useMemo, useState } from "react";

import type { HubClient } from "#shared/client/hub-client.ts";
import type { Point } from "#shared/contracts/geo.ts";

import { failureOf, type Failure } from "../../../common/failure.ts";
import { withFrame, type Board, type Seen } from "./board.ts";
import { watchedZones } from "./watched-zones.ts";

/** The board is asked again so often, wall ms; what moves on it comes by itself. */
const AGAIN_MS = 3000;

/** The market's board, asked again and again while the screen is shown. */
export function useBoard(hub: HubClient | undefined, marketId: string) {
  const [board, setBoard] = useState<Board>();
  const [failure, setFailure] = useState<Failure>();
  useEffect(() => {
    if (!hub) return undefined;
    let gone = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      try {
        const next = await hub.command("ops.board", { marketId });
        if (gone) return;
        setBoard(next);
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

/** Live places of the couriers in the zones around everything that is on the map. */
export function useCouriers(hub: HubClient | undefined, marketId: string, center: Point, places: readonly Point[]) {
  const [seen, setSeen] = useState<ReadonlyMap<string, Seen>>(new Map());
  const [refused, setRefused] = useState<Failure>();
  // The text stands for the list: the same zones are not asked for again.
  const zonesText = useMemo(() => watchedZones(center, places).join(" "), [center, places]);
  useEffect(() => hub?.onZone((frame) => setSeen((before) => withFrame(before, frame))), [hub]);
  useEffect(() => {
    if (!hub) return;
    hub.watchZones(marketId, zonesText.split(" ")).then(
      () => setRefused(undefined),
      (error: unknown) => setRefused(failureOf(error)),
    );
  }, [hub, marketId, zonesText]);
  return { seen, refused };
}
