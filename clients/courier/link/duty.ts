import { createSlice, type PayloadAction } from "@reduxjs/toolkit";

import { applyCourierEvent } from "#shared/client/merge.ts";
import type { HubStatus } from "#shared/client/transport.ts";
import type { SeenEvent } from "#shared/contracts/streams.ts";
import type { CourierState } from "#shared/contracts/views.ts";

export interface DutyState {
  readonly status: HubStatus;
  /** What the hub has last told of this courier; null before it ever has. */
  readonly courier: CourierState | null;
  /** When that was, by the deployment's clock; what is shown offline is of that time. */
  readonly heardAtMs: number | null;
  /** What the hub has told to be delivered since the app was opened, newest first. */
  readonly delivered: readonly { readonly code: string; readonly atMs: number }[];
}

export const noDuty: DutyState = { status: "connecting", courier: null, heardAtMs: null, delivered: [] };

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
    event: (state, { payload }: PayloadAction<{ event: SeenEvent; atMs: number }>) => {
      const { event, atMs } = payload;
      return {
        ...state,
        courier: state.courier && applyCourierEvent(state.courier, event),
        heardAtMs: atMs,
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
