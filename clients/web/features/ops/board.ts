import type { BoardCourier, BoardOrder, BoardRestaurant, BoardView } from "#shared/contracts/board.ts";
import { ORDER_STATUSES, type OrderStatus } from "#shared/contracts/states.ts";
import { PACE_MS } from "#shared/domain/dispatch/supply.ts";

/** The market as this screen has been told of it so far. */
export interface Board {
  /** Deployment time. */
  readonly atMs: number;
  readonly version: string;
  readonly counts: BoardView["counts"];
  readonly restaurants: ReadonlyMap<string, BoardRestaurant>;
  readonly orders: ReadonlyMap<string, BoardOrder>;
  readonly couriers: ReadonlyMap<string, BoardCourier>;
}

/** The board after an answer: a whole one replaces it, another changes the rows that it tells. [OPM6] */
export function withAnswer(before: Board | undefined, answer: BoardView): Board {
  const base = answer.whole ? undefined : before;
  const orders = changed(base?.orders, answer.orders, (order) => order.id, answer.goneOrderIds);
  // Nothing happens to an order when it has been delivered for long enough: this screen forgets it by itself.
  for (const { id, deliveredAtMs } of orders.values()) {
    if (deliveredAtMs !== null && deliveredAtMs <= answer.atMs - PACE_MS) orders.delete(id);
  }
  const couriers = changed(base?.couriers, answer.couriers, (courier) => courier.courierId, answer.goneCourierIds);
  const restaurants = withRestaurants(base?.restaurants, answer.restaurants);
  const { atMs, version, counts } = answer;
  return { atMs, version, counts, restaurants, orders, couriers };
}

function changed<T>(
  before: ReadonlyMap<string, T> | undefined,
  told: readonly T[],
  idOf: (row: T) => string,
  gone: readonly string[],
): Map<string, T> {
  const rows = new Map(before);
  for (const row of told) rows.set(idOf(row), row);
  for (const id of gone) rows.delete(id);
  return rows;
}

/** The same map when all are known: where restaurants stand is not drawn anew with every answer. */
function withRestaurants(known: Board["restaurants"] = new Map(), told: readonly BoardRestaurant[]) {
  const more = told.filter(({ id }) => !known.has(id));
  return more.length === 0 ? known : new Map([...known, ...more.map((each) => [each.id, each] as const)]);
}

/** States with how many orders stand in them, in the order of an order's life; those without any are left out. */
export function countsInOrder(counts: Board["counts"]): { readonly status: OrderStatus; readonly count: number }[] {
  return ORDER_STATUSES.flatMap((status) => {
    const count = counts[status] ?? 0;
    return count === 0 ? [] : [{ status, count }];
  });
}

/** `IN_DELIVERY` as "In delivery". */
export function statusWords(status: string): string {
  const words = status.toLowerCase().replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Past its promise and not at the door. */
export function isLate(order: Pick<BoardOrder, "promisedAtMs" | "deliveredAtMs">, nowMs: number): boolean {
  return order.deliveredAtMs === null && order.promisedAtMs !== null && order.promisedAtMs < nowMs;
}

/** To be delivered, and nobody has it. */
export function waitsForCourier(order: Pick<BoardOrder, "deliveryStatus">): boolean {
  return order.deliveryStatus === "PENDING";
}

export interface Filter {
  readonly only: "all" | "late" | "waiting";
  readonly status: OrderStatus | undefined;
  readonly text: string;
}

/** The orders that fit: those that are most late first, what was delivered last. */
export function filtered(board: Board, filter: Filter, nowMs: number): BoardOrder[] {
  const wanted = filter.text.trim().toLowerCase();
  const found = [...board.orders.values()].filter((order) => {
    if (filter.status !== undefined && order.status !== filter.status) return false;
    if (filter.only === "late" && !isLate(order, nowMs)) return false;
    if (filter.only === "waiting" && !waitsForCourier(order)) return false;
    return wanted === "" || wordsOf(board, order).some((word) => word.toLowerCase().includes(wanted));
  });
  return found.toSorted((a, b) => rankOf(a) - rankOf(b));
}

function wordsOf(board: Board, order: BoardOrder): string[] {
  return [
    order.code,
    board.restaurants.get(order.restaurantId)?.name ?? "",
    order.customerName,
    order.courierName ?? "",
  ];
}

function rankOf(order: BoardOrder): number {
  if (order.deliveredAtMs !== null) return Number.MAX_SAFE_INTEGER;
  return order.promisedAtMs ?? order.placedAtMs;
}

/** Couriers with a text in their names. */
export function couriersNamed(board: Board, text: string): BoardCourier[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return [];
  return [...board.couriers.values()].filter((courier) => courier.name.toLowerCase().includes(wanted));
}

/** What a courier holds, in the order of the stops. */
export function heldBy(board: Board, courierId: string): BoardOrder[] {
  return [...board.orders.values()]
    .filter((order) => order.courierId === courierId && order.deliveredAtMs === null)
    .toSorted((a, b) => (a.stopOrder ?? 0) - (b.stopOrder ?? 0));
}

/** The figures above the map. */
export interface Figures {
  readonly open: number;
  readonly late: number;
  readonly waiting: number;
  readonly free: number;
  readonly onDuty: number;
  readonly placedLately: number;
}

export function figuresOf(board: Board, nowMs: number): Figures {
  const orders = [...board.orders.values()];
  const couriers = [...board.couriers.values()];
  return {
    open: orders.filter((order) => order.deliveredAtMs === null).length,
    late: orders.filter((order) => isLate(order, nowMs)).length,
    waiting: orders.filter(waitsForCourier).length,
    free: couriers.filter((courier) => courier.holding === 0 && !courier.hasOffer).length,
    onDuty: couriers.length,
    placedLately: orders.filter((order) => order.placedAtMs > nowMs - PACE_MS).length,
  };
}
