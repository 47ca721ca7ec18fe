import { cellOf, cellsWithin } from "../geo/cells.ts";
import type { Point } from "../geo/point.ts";

/** A courier on duty, with a known place. */
export interface SupplyCourier {
  readonly at: Point;
  /** Free now: in the cell where he is. Soon: carrying the last that he holds, free where it goes. Else he does not count. */
  readonly free: "now" | "soon" | "no";
  /** Where he will be free, when that is soon. */
  readonly freeAt: Point | undefined;
}

export interface DemandOrder {
  /** The restaurant's place: there a courier is needed. */
  readonly at: Point;
  /** It is to be delivered and nobody has it. */
  readonly waits: boolean;
  /** Deployment time. */
  readonly placedAtMs: number;
}

/** Supply and demand of one H3 cell. */
export interface CellBalance {
  readonly cell: string;
  readonly free: number;
  readonly soonFree: number;
  readonly waiting: number;
  readonly placedLately: number;
  /** Couriers at hand: in the cell, those soon free for half, and a third of those in the six cells around. */
  readonly supply: number;
  /** Couriers wanted: for each order that waits one, and for each that is to be expected within ten minutes. */
  readonly demand: number;
  /** log2 of demand to supply, from -3 (idle) to 3 (short); 0 is balanced. */
  readonly pressure: number;
}

/** How far back the pace of orders is taken, and how far ahead it is drawn, deployment ms. */
export const PACE_MS = 30 * 60_000;
const AHEAD_MS = 10 * 60_000;

const SOON_WEIGHT = 0.5;
const NEIGHBOUR_WEIGHT = 1 / 3;
/** Counted on both sides, so that one courier more or less in an empty cell is no emergency. */
const CALM = 0.5;
const MOST_PRESSURE = 3;

interface Counts {
  free: number;
  soonFree: number;
  waiting: number;
  placedLately: number;
}

/**
 * Where couriers are short and where they are idle, cell by cell. Cells without a courier and without an order are left
 * out. [OPM3, OPM4]
 *
 * @param res H3 resolution; at 8 a cell is 0.7 km2 and some 500 m to a side
 */
export function balanceOf(
  couriers: readonly SupplyCourier[],
  orders: readonly DemandOrder[],
  res: number,
  nowMs: number,
): CellBalance[] {
  const cells = new Map<string, Counts>();
  const at = (point: Point): Counts => {
    const cell = cellOf(point, res);
    const found = cells.get(cell) ?? { free: 0, soonFree: 0, waiting: 0, placedLately: 0 };
    cells.set(cell, found);
    return found;
  };
  for (const courier of couriers) {
    if (courier.free === "now") at(courier.at).free += 1;
    if (courier.free === "soon") at(courier.freeAt ?? courier.at).soonFree += 1;
  }
  for (const order of orders) {
    const lately = order.placedAtMs > nowMs - PACE_MS;
    if (!order.waits && !lately) continue;
    const counts = at(order.at);
    if (order.waits) counts.waiting += 1;
    if (lately) counts.placedLately += 1;
  }
  return [...cells].map(([cell, counts]) => balanced(cell, counts, cells));
}

function balanced(cell: string, counts: Counts, cells: ReadonlyMap<string, Counts>): CellBalance {
  const around = cellsWithin(cell, 1).filter((each) => each !== cell);
  const near = around.reduce((sum, each) => sum + ownSupply(cells.get(each)), 0);
  const supply = ownSupply(counts) + near * NEIGHBOUR_WEIGHT;
  const demand = counts.waiting + counts.placedLately * (AHEAD_MS / PACE_MS);
  const pressure = Math.log2((demand + CALM) / (supply + CALM));
  return { cell, ...counts, supply, demand, pressure: Math.max(-MOST_PRESSURE, Math.min(MOST_PRESSURE, pressure)) };
}

function ownSupply(counts: Counts | undefined): number {
  return counts ? counts.free + counts.soonFree * SOON_WEIGHT : 0;
}
