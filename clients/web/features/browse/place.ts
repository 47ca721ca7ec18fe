import { createSlice, type PayloadAction } from "@reduxjs/toolkit";

import type { Point } from "#shared/contracts/geo.ts";

/** Where the customer is: a market, and the place in it to which food is brought. */
export interface PlaceState {
  readonly marketId: string | null;
  /** Null: the market's centre, until a place is chosen. */
  readonly point: Point | null;
  /** The address as it is told to the courier. */
  readonly line: string;
  readonly instructions: string;
}

export const noPlace: PlaceState = { marketId: null, point: null, line: "", instructions: "" };

export const placeSlice = createSlice({
  name: "place",
  initialState: noPlace,
  reducers: {
    /** Another market: the old place is not in it. */
    marketChosen: (state, { payload }: PayloadAction<string>) =>
      payload === state.marketId ? state : { ...noPlace, marketId: payload },
    placeChosen: (state, { payload }: PayloadAction<Omit<PlaceState, "marketId">>) => ({ ...state, ...payload }),
  },
});

export const { marketChosen, placeChosen } = placeSlice.actions;
