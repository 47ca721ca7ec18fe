import type { DeliveryStatus } from "../../contracts/states.ts";
import type { Position, StoredEvent } from "../../contracts/streams.ts";

/** Who carries an order, as far as its stream has told. */
export interface Carriage {
  readonly courierId: string | null;
  /** Counts assignments. */
  readonly version: number;
  readonly status: DeliveryStatus | null;
  /** Since when the food has been in these hands, deployment time; null while it is not. */
  readonly sinceMs: number | null;
}

/** The food is in the courier's hands, on its way to the customer. */
export const CARRYING: readonly DeliveryStatus[] = ["ORDER_PICKED", "DELIVERY_ONGOING", "ARRIVED_AT_CUSTOMER"];

/** The carriage after an event of the order's stream: its patch may name only what has changed. */
export function carriageAfter(carriage: Carriage, event: StoredEvent): Carriage {
  const order = event.payload["order"];
  if (!isRecord(order) || !("delivery" in order)) return carriage;
  // Cast: `payload.order.delivery` is the contract's view or a patch of it; null says that there is none.
  const patch = (order["delivery"] ?? { courierId: null, status: null }) as Partial<Carriage>;
  const next = { ...carriage, ...pick(patch) };
  if (!isCarrying(next.status)) return { ...next, sinceMs: null };
  const went = carriage.sinceMs !== null && carriage.version === next.version && carriage.courierId === next.courierId;
  return { ...next, sinceMs: went ? carriage.sinceMs : event.atMs };
}

/** The carriage as the store has it. */
export function carriageOfRow(row: {
  readonly courierId: string | null;
  readonly version: number;
  readonly status: DeliveryStatus | null;
  readonly pickedUpAtMs: number | null;
}): Carriage {
  const { courierId, version, status, pickedUpAtMs } = row;
  return { courierId, version, status, sinceMs: isCarrying(status) ? pickedUpAtMs : null };
}

/** Whether the position may be shown with the order: this courier, this assignment, and not from before the pick-up. */
export function shows(carriage: Carriage | undefined, orderId: string, position: Position): boolean {
  if (!carriage || carriage.sinceMs === null || carriage.courierId !== position.courierId) return false;
  if (position.takenAtMs < carriage.sinceMs) return false;
  return position.carrying.some((work) => work.orderId === orderId && work.version === carriage.version);
}

function isCarrying(status: DeliveryStatus | null): boolean {
  return status !== null && CARRYING.includes(status);
}

function pick(patch: Partial<Carriage>): Partial<Carriage> {
  return {
    ...(patch.courierId === undefined ? {} : { courierId: patch.courierId }),
    ...(patch.version === undefined ? {} : { version: patch.version }),
    ...(patch.status === undefined ? {} : { status: patch.status }),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
