import type { BoardRestaurant } from "#shared/contracts/board.ts";
import type { CellBalance } from "#shared/domain/dispatch/supply.ts";

import { statusWords, type Board } from "./board.ts";
import { stateOf } from "./map/fleet.ts";
import type { Hit } from "./map/hands.tsx";
import { COURIER_WORDS } from "./map/palette.ts";
import { balanceWords } from "./supply.ts";

interface Known {
  readonly board: Board;
  readonly balances: readonly CellBalance[];
  readonly restaurants: readonly BoardRestaurant[];
}

/** What is said of the thing under the pointer; undefined when it has just gone. */
export function wordsOf({ kind, id }: NonNullable<Hit>, known: Known): string | undefined {
  return SAYS[kind](id, known);
}

const SAYS: Readonly<Record<NonNullable<Hit>["kind"], (id: string, known: Known) => string | undefined>> = {
  courier: (id, { board }) => {
    const courier = board.couriers.get(id);
    if (!courier) return undefined;
    const work = courier.holding > 0 ? `${courier.holding} in hand` : COURIER_WORDS[stateOf(courier)];
    return `${courier.name}, ${courier.vehicle}, ${work}`;
  },
  order: (id, { board }) => {
    const order = board.orders.get(id);
    if (!order) return undefined;
    const from = board.restaurants.get(order.restaurantId)?.name ?? "";
    return `${order.code}: ${statusWords(order.status)}, from ${from}`;
  },
  restaurant: (id, { restaurants }) => restaurants.find((each) => each.id === id)?.name,
  cell: (id, { balances }) => {
    const balance = balances.find((each) => each.cell === id);
    return balance && balanceWords(balance);
  },
};
