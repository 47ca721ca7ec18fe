import type { BlackBoxView } from "../../contracts/black-box.ts";
import type { StoredEvent, StreamRef } from "../../contracts/streams.ts";
import { projectEvent } from "./projection.ts";

/** Somebody with a stream that the order stands in. */
export interface Onlooker extends Pick<BlackBoxView, "as" | "name"> {
  readonly ref: StreamRef;
}

/**
 * What each onlooker's stream carried of the order: by the projection that feeds the live streams, so that nobody is said
 * to have seen what they could not see. [BLX1, BLX2]
 *
 * @param events of the order, and of its offers, in any order
 * @returns a view an onlooker, its events in the order of their stream
 */
export function viewsOf(onlookers: readonly Onlooker[], events: readonly StoredEvent[]): BlackBoxView[] {
  return onlookers.map(({ as, name, ref }) => ({
    as,
    name,
    streamId: ref.id,
    events: events
      // Nobody's name is asked for: a projection depends on the kind of viewer alone.
      .flatMap((event) => projectEvent({ as, personId: "" }, ref, event) ?? [])
      .toSorted((a, b) => a.seq - b.seq),
  }));
}
