import type { Stretch } from "../../contracts/black-box.ts";
import type { DeliveryStatus } from "../../contracts/states.ts";
import type { StoredEvent } from "../../contracts/streams.ts";
import { carriageAfter, type Carriage } from "./carriage.ts";

/** The courier has no more to do with it, though the row still names him. */
const OVER: readonly (DeliveryStatus | null)[] = ["DELIVERY_FINISHED", "RETURNED_TO_MERCHANT", "CANCELLED"];

export interface Stretches {
  /** Whose work the delivery was. */
  readonly held: Stretch[];
  /** Whose positions the customer could see: the rule of the live positions, event by event. [RTM11] */
  readonly shown: Stretch[];
}

/**
 * When which courier held the order, and when the customer could see him.
 *
 * @param events of the order's stream, oldest first
 */
export function stretchesOf(events: readonly StoredEvent[]): Stretches {
  let carriage: Carriage = { courierId: null, version: 0, status: null, sinceMs: null };
  const [held, shown]: [Stretch[], Stretch[]] = [[], []];
  for (const event of events) {
    const before = carriage;
    carriage = carriageAfter(before, event);
    // An assignment anew is a stretch anew, though it be to the same courier.
    const changed = before.version !== carriage.version;
    note(held, holderOf(carriage), event.atMs, changed);
    note(shown, carriage.sinceMs === null ? null : carriage.courierId, event.atMs, changed);
  }
  return { held, shown };
}

function holderOf({ courierId, status }: Carriage): string | null {
  return OVER.includes(status) ? null : courierId;
}

/** Ends the open stretch when it is another's or nobody's, and begins the next. */
function note(stretches: Stretch[], courierId: string | null, atMs: number, anew: boolean): void {
  const last = stretches.at(-1);
  const open = last?.toMs === null ? last : undefined;
  if (open && open.courierId === courierId && !anew) return;
  if (open) stretches[stretches.length - 1] = { ...open, toMs: atMs };
  if (courierId !== null) stretches.push({ courierId, fromMs: atMs, toMs: null });
}
