import { createSlice, type PayloadAction } from "@reduxjs/toolkit";

import type { CommandInput } from "#shared/contracts/catalogue/catalogue.ts";

import type { Failure } from "../../common/failure.ts";
import type { StepName } from "../stops/next-step.ts";

export type QueueName =
  | "shift.start"
  | "shift.end"
  | "offer.accept"
  | "offer.decline"
  | "suggestion.dismiss"
  | "delivery.unassign"
  | StepName;

/** Something that the courier has said, on its way to the hub. Said once: sent again it has the same `commandId`. */
export interface Queued<N extends QueueName = QueueName> {
  readonly commandId: string;
  readonly name: N;
  readonly input: CommandInput<N>;
  /** Wall time, epoch ms. */
  readonly saidAtMs: number;
  /** The hub has it; kept until the stream has told of it, so that the screen does not step back in between. */
  readonly taken: boolean;
}

export interface Refused {
  readonly commandId: string;
  readonly name: QueueName;
  readonly failure: Failure;
}

export interface OutboxState {
  /** In the order in which it was said. */
  readonly queue: readonly Queued[];
  /** The newest refusal, until it was read. */
  readonly refused: Refused | null;
}

export const emptyOutbox: OutboxState = { queue: [], refused: null };

export const outboxSlice = createSlice({
  name: "outbox",
  initialState: emptyOutbox,
  reducers: {
    said: (state, { payload }: PayloadAction<Queued>) => ({ ...state, queue: [...state.queue, payload] }),
    taken: (state, { payload }: PayloadAction<string>) => ({
      ...state,
      queue: state.queue.map((each) => (each.commandId === payload ? { ...each, taken: true } : each)),
    }),
    /** What followed for the same delivery has lost its ground and goes with it. */
    refused: (state, { payload }: PayloadAction<Refused>) => {
      const gone = state.queue.find((each) => each.commandId === payload.commandId);
      const touched = gone && deliveryOf(gone);
      return {
        refused: payload,
        queue: state.queue.filter(
          (each) =>
            each.commandId !== payload.commandId &&
            (touched === undefined || each.taken || deliveryOf(each) !== touched),
        ),
      };
    },
    /** The stream has moved on: what the hub had taken is in it now. */
    told: (state) => (state.queue.some((each) => each.taken) ? { ...state, queue: unsent(state) } : state),
    read: (state) => ({ ...state, refused: null }),
    cleared: () => emptyOutbox,
  },
});

export const outboxActions = outboxSlice.actions;

/** What the hub has not got yet. */
export function unsent(state: OutboxState): readonly Queued[] {
  return state.queue.filter((each) => !each.taken);
}

/** The delivery that a command is about, if it is about one. */
export function deliveryOf({ input }: Queued): string | undefined {
  return "deliveryId" in input ? input.deliveryId : undefined;
}
