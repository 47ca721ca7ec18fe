import type { RestaurantState } from "#shared/client/merge.ts";
import type { OrderStatus } from "#shared/contracts/states.ts";
import type { SeenOrder } from "#shared/contracts/views.ts";

export interface Column {
  readonly title: string;
  readonly status: OrderStatus;
  readonly orders: readonly SeenOrder[];
}

const COLUMNS = [
  ["New", "CREATED"],
  ["Confirmed", "CONFIRMED"],
  ["Cooking", "PREPARING"],
  ["Ready", "READY"],
] as const;

/** Open tickets by state; within a column what is due first stands first. */
export function columnsOf(orders: readonly SeenOrder[]): Column[] {
  return COLUMNS.map(([title, status]) => ({
    title,
    status,
    orders: orders.filter((order) => order.status === status).toSorted((a, b) => (dueAtMs(a) ?? 0) - (dueAtMs(b) ?? 0)),
  }));
}

/** Until when the kitchen must have done the next thing: answered, or cooked; for ready food, when it became so. */
export function dueAtMs(order: SeenOrder): number | undefined {
  if (order.status === "CREATED") return order.confirmByAtMs ?? undefined;
  if (order.status === "READY") return order.readyAtMs ?? undefined;
  return order.readyEstimateAtMs ?? undefined;
}

export type Urgency = "calm" | "soon" | "late";

const SOON_MS = 3 * 60_000;
const WAITING_LONG_MS = 10 * 60_000;

/** How a ticket is coloured: by what is left, for ready food by how long it has waited. */
export function urgencyOf(order: SeenOrder, nowMs: number): Urgency {
  const dueMs = dueAtMs(order);
  if (dueMs === undefined) return "calm";
  if (order.status === "READY") {
    if (nowMs - dueMs > WAITING_LONG_MS) return "late";
    return nowMs - dueMs > WAITING_LONG_MS / 2 ? "soon" : "calm";
  }
  if (nowMs > dueMs) return "late";
  return dueMs - nowMs < SOON_MS ? "soon" : "calm";
}

/** How many of each dish are still to be cooked, most first. */
export function allDay(orders: readonly SeenOrder[]): { readonly name: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const order of orders) {
    if (order.status !== "CONFIRMED" && order.status !== "PREPARING" && order.status !== "CREATED") continue;
    for (const line of order.lines ?? []) counts.set(line.name, (counts.get(line.name) ?? 0) + line.quantity);
  }
  const sorted = [...counts].toSorted(([a, many], [b, more]) => more - many || a.localeCompare(b));
  return sorted.map(([name, count]) => ({ name, count }));
}

/** Tickets that nobody has answered. */
export function unanswered(state: RestaurantState | undefined): number {
  return state?.orders.filter((order) => order.status === "CREATED").length ?? 0;
}

/** Preparation times offered for one touch, minutes, around what the kitchen usually needs. */
export function prepChoices(usualMin: number): number[] {
  const choices = [usualMin - 5, usualMin, usualMin + 10];
  return choices.filter((minutes) => minutes >= 5 && minutes <= 240);
}
