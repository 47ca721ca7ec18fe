import { configureStore, createSlice, type PayloadAction } from "@reduxjs/toolkit";
import { useDispatch, useSelector, useStore } from "react-redux";

import type { Fix, Point } from "#shared/contracts/geo.ts";

import type { GpsState } from "../gps/locate.ts";
import { dutySlice } from "../link/duty.ts";
import { outboxSlice } from "../link/outbox.ts";

export interface PlaceState {
  readonly gps: GpsState;
  /** Where this phone was last; null before the first reading. */
  readonly point: Point | null;
  readonly accuracyM: number | null;
  /** Readings that the hub has not got yet. */
  readonly unsentFixes: number;
}

const nowhere: PlaceState = { gps: "off", point: null, accuracyM: null, unsentFixes: 0 };

export const placeSlice = createSlice({
  name: "place",
  initialState: nowhere,
  reducers: {
    gpsChanged: (state, { payload }: PayloadAction<GpsState>) => ({ ...state, gps: payload }),
    located: (state, { payload }: PayloadAction<Fix>) => ({
      ...state,
      point: { lat: payload.lat, lng: payload.lng },
      accuracyM: payload.accuracyM,
    }),
    queued: (state, { payload }: PayloadAction<number>) => ({ ...state, unsentFixes: payload }),
  },
});

export function makeStore() {
  return configureStore({
    reducer: {
      [dutySlice.name]: dutySlice.reducer,
      [outboxSlice.name]: outboxSlice.reducer,
      [placeSlice.name]: placeSlice.reducer,
    },
  });
}

export type CourierStore = ReturnType<typeof makeStore>;
export type CourierAppState = ReturnType<CourierStore["getState"]>;
export const useAppDispatch = useDispatch.withTypes<CourierStore["dispatch"]>();
export const useAppSelector = useSelector.withTypes<CourierAppState>();
export const useAppStore = useStore.withTypes<CourierStore>();
