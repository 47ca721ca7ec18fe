import { createSlice, type PayloadAction } from "@reduxjs/toolkit";

import type { CommandInput } from "#shared/contracts/catalogue/catalogue.ts";
import type { Point } from "#shared/contracts/geo.ts";

/** One line of the basket. Prices are not kept: the hub prices everything again. */
export interface BasketLine {
  readonly itemId: string;
  readonly name: string;
  readonly optionIds: readonly string[];
  /** The chosen options in words. */
  readonly choices: string;
  readonly note: string;
  readonly quantity: number;
}

/** What the customer wants, from one restaurant at a time. */
export interface BasketState {
  readonly marketId: string | null;
  readonly restaurantId: string | null;
  readonly restaurantName: string;
  readonly kind: "delivery" | "takeaway";
  readonly lines: readonly BasketLine[];
  readonly tipMinor: number;
  readonly note: string;
}

export const emptyBasket: BasketState = {
  marketId: null,
  restaurantId: null,
  restaurantName: "",
  kind: "delivery",
  lines: [],
  tipMinor: 0,
  note: "",
};

/** The contract takes so many of one line. */
const MOST = 99;

interface Added {
  readonly marketId: string;
  readonly restaurantId: string;
  readonly restaurantName: string;
  readonly line: BasketLine;
}

export const basketSlice = createSlice({
  name: "basket",
  initialState: emptyBasket,
  reducers: {
    /** The same choice again raises its quantity; another restaurant starts a new basket. */
    lineAdded: (state, { payload }: PayloadAction<Added>): BasketState => {
      const { line, ...restaurant } = payload;
      const lines = state.restaurantId === payload.restaurantId ? state.lines : [];
      const same = lines.findIndex((each) => lineKey(each) === lineKey(line));
      const merged = lines.map((each, at) => (at === same ? withQuantity(each, each.quantity + line.quantity) : each));
      return { ...state, ...restaurant, lines: same === -1 ? [...lines, withQuantity(line, line.quantity)] : merged };
    },
    /** Zero takes the line out. */
    quantitySet: (state, { payload }: PayloadAction<{ at: number; quantity: number }>): BasketState => ({
      ...state,
      lines: state.lines
        .map((line, at) => (at === payload.at ? withQuantity(line, payload.quantity) : line))
        .filter((line) => line.quantity > 0),
    }),
    kindChosen: (state, { payload }: PayloadAction<BasketState["kind"]>): BasketState => ({ ...state, kind: payload }),
    tipChosen: (state, { payload }: PayloadAction<number>): BasketState => ({ ...state, tipMinor: payload }),
    noteWritten: (state, { payload }: PayloadAction<string>): BasketState => ({ ...state, note: payload }),
    basketEmptied: (): BasketState => emptyBasket,
  },
});

export const { lineAdded, quantitySet, kindChosen, tipChosen, noteWritten, basketEmptied } = basketSlice.actions;

/** The basket as a question for a quote; undefined while there is nothing to ask, or nowhere to bring it. */
export function quoteInput(basket: BasketState, drop: Point | null): CommandInput<"quote.make"> | undefined {
  const { marketId, restaurantId, kind, lines, tipMinor } = basket;
  if (marketId === null || restaurantId === null || lines.length === 0) return undefined;
  if (kind === "delivery" && drop === null) return undefined;
  return {
    marketId,
    restaurantId,
    kind,
    drop: kind === "delivery" ? drop : null,
    tipMinor: kind === "delivery" ? tipMinor : 0,
    lines: lines.map(({ itemId, quantity, optionIds, note }) => ({
      itemId,
      quantity,
      optionIds: [...optionIds],
      note,
    })),
  };
}

export function countOf(basket: BasketState): number {
  return basket.lines.reduce((sum, line) => sum + line.quantity, 0);
}

function withQuantity(line: BasketLine, quantity: number): BasketLine {
  return { ...line, quantity: Math.max(0, Math.min(MOST, quantity)) };
}

function lineKey(line: BasketLine): string {
  return JSON.stringify([line.itemId, line.optionIds.toSorted(), line.note]);
}
