import { createSlice, type PayloadAction } from "@reduxjs/toolkit";

import { applyCourierEvent } from "#shared/client/merge.ts";
import type { HubStatus } from "#shared/client/transport.ts";
import type { SeenEvent } from "#shared/contracts/streams.ts";
import type { CourierState } from "#shared/contracts/views.ts";

export interface DutyState {
  readonly status: HubStatus;
  /** What the hub has last told of this courier; null before it ever has. */
  readonly courier: CourierState | null;
  /** When that was, wall time; what is shown offline is of that time. */
  readonly heardAtMs: number | null;
  /** How far this phone's clock is ahead of the hub's, ms: so that a countdown is right on a phone that is wrong. */
  readonly aheadMs: number;
  /** What the hub has told to be delivered since the app was opened, newest first. */
  readonly delivered: readonly { readonly code: string; readonly atMs: number }[];
}

export const noDuty: DutyState = { status: "connecting", courier: null, heardAtMs: null, aheadMs: 0, delivered: [] };

/** Two clocks that differ by less are the same for a person; the rest is the way of the message. */
const SAME_CLOCK_MS = 2_000;

export const dutySlice = createSlice({
  name: "duty",
  initialState: noDuty,
  reducers: {
    statusChanged: (state, { payload }: PayloadAction<HubStatus>) => ({ ...state, status: payload }),
    snapshot: (state, { payload }: PayloadAction<{ courier: CourierState; atMs: number }>) => ({
      ...state,
      courier: payload.courier,
      heardAtMs: payload.atMs,
    }),
    event: (state, { payload }: PayloadAction<{ event: SeenEvent; atMs: number; live: boolean }>) => {
      const { event, atMs, live } = payload;
      const differenceMs = atMs - event.atMs;
      const aheadMs = Math.abs(differenceMs) < SAME_CLOCK_MS ? 0 : differenceMs;
      return {
        ...state,
        courier: state.courier && applyCourierEvent(state.courier, event),
        heardAtMs: atMs,
        aheadMs: live ? aheadMs : state.aheadMs,
        delivered: [...deliveredBy(event, state.courier), ...state.delivered],
      };
    },
    forgotten: () => noDuty,
  },
});

export const dutyActions = dutySlice.actions;

function deliveredBy(event: SeenEvent, before: CourierState | null): DutyState["delivered"] {
  const order = before?.work.find((each) => each.id === event.orderId);
  return event.type === "order.delivered" && order ? [{ code: order.code ?? "", atMs: event.atMs }] : [];
}
