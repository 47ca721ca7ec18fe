import type { HubClient } from "#shared/client/hub-client.ts";
import { makeWhereabouts, phaseOf } from "#shared/client/whereabouts.ts";
import type { CommandInput } from "#shared/contracts/catalogue/catalogue.ts";
import type { PassedOver } from "#shared/contracts/dispatch.ts";
import type { Fix } from "#shared/contracts/geo.ts";
import type { CourierState } from "#shared/contracts/views.ts";

import { codeOf, failureOf } from "../../common/failure.ts";
import { placeSlice, type CourierStore } from "../app/store.ts";
import { makeFixQueue } from "../gps/fix-queue.ts";
import { dutyActions } from "./duty.ts";
import { keptFor } from "./kept.ts";
import { outboxActions, unsent, type Queued, type QueueName } from "./outbox.ts";

export interface LinkDeps {
  readonly store: CourierStore;
  readonly storage: Storage;
  readonly hub: HubClient;
  readonly personId: string;
  readonly marketId: string;
  readonly newKey: () => string;
  readonly nowMs: () => number;
}

/** A courier's phone and the hub: what is told is shown, what is said is sent, in order, once, also much later. */
export interface Link {
  /** Says a command: shown at once, sent as soon as the hub can be reached, with one identity for all tries. */
  say<N extends QueueName>(name: N, input: CommandInput<N>): void;
  /** Asks why there is no offer. @throws {Error} as the hub client does: refused, or no answer came */
  whyNot(): Promise<PassedOver>;
  /** A reading of the phone's own GPS. */
  located(fix: Fix): void;
  close(): void;
}

/** Wall ms after which what waits is tried again. */
const AGAIN_EVERY_MS = 4_000;
/** Wall ms for one try; what became of it is asked again with the same identity. */
const TRY_MS = 15_000;

export function startLink(deps: LinkDeps): Link {
  const { store, hub, marketId, nowMs } = deps;
  const kept = keptFor(deps.storage, deps.personId);
  const fixes = makeFixQueue(deps.storage, `tiffin.fixes.1.${deps.personId}`);
  const { dispatch } = store;
  let closeWatch = () => {};

  const before = kept.read();
  if (before) {
    dispatch(dutyActions.snapshot({ courier: before.courier, atMs: before.heardAtMs }));
    for (const queued of before.queue) dispatch(outboxActions.said(queued));
  }
  dispatch(placeSlice.actions.queued(fixes.size));

  const watch = (courierId: string) => {
    closeWatch();
    const following = hub.watch(
      { marketId, kind: "courier", id: courierId },
      {
        onSnapshot: (snapshot) => {
          // Cast: the contract's snapshot of a courier's stream.
          dispatch(dutyActions.snapshot({ courier: snapshot as CourierState, atMs: nowMs() }));
          dispatch(outboxActions.told());
        },
        onEvent: (event) => {
          dispatch(dutyActions.event({ event, atMs: nowMs() }));
          dispatch(outboxActions.told());
        },
      },
    );
    closeWatch = () => following.close();
  };
  let meeting = false;
  const meet = async () => {
    if (meeting) return;
    meeting = true;
    try {
      const courier = before?.courier ?? (await hub.command("courier.read", { marketId }));
      if (!before) dispatch(dutyActions.snapshot({ courier, atMs: nowMs() }));
      watch(courier.courierId);
    } catch {
      // Not a courier here, or no answer in time: asked again with the next connection.
      meeting = false;
    }
  };
  const send = makeSender(deps);
  const whereabouts = makeWhereabouts({
    hub,
    marketId,
    queue: fixes,
    nowMs,
    online: () => hub.status === "live",
    tryMs: TRY_MS,
    phase: phaseOf(deps.personId),
  });
  const sendWhereabouts = async () => {
    await whereabouts.send();
    dispatch(placeSlice.actions.queued(fixes.size));
  };

  const stopStatus = hub.onStatus((status) => {
    dispatch(dutyActions.statusChanged(status));
    if (status !== "live") return;
    void meet();
    void send();
    void sendWhereabouts();
  });
  let written = store.getState();
  const stopKeeping = store.subscribe(() => {
    const now = store.getState();
    const { duty, outbox } = now;
    if (duty === written.duty && outbox === written.outbox) return;
    if (duty.courier?.work !== written.duty.courier?.work) whereabouts.stepped();
    written = now;
    if (duty.courier && duty.heardAtMs !== null) kept.write(duty.courier, duty.heardAtMs, outbox);
  });
  const timer = setInterval(() => {
    void sendWhereabouts();
    void send();
  }, AGAIN_EVERY_MS);
  dispatch(dutyActions.statusChanged(hub.status));
  void meet();

  return {
    say(name, input) {
      dispatch(outboxActions.said({ commandId: deps.newKey(), name, input, saidAtMs: nowMs(), taken: false }));
      void send();
    },
    whyNot: () => hub.command("courier.why-not", { marketId }),
    located(fix) {
      dispatch(placeSlice.actions.located(fix));
      if (store.getState().duty.courier?.shift?.endedAtMs !== null) return;
      if (!fixes.add(fix)) return;
      dispatch(placeSlice.actions.queued(fixes.size));
      whereabouts.took(fix);
    },
    close() {
      clearInterval(timer);
      stopStatus();
      stopKeeping();
      closeWatch();
      hub.close();
      dispatch(dutyActions.forgotten());
      dispatch(outboxActions.cleared());
    },
  };
}

/** Sends what was said, in order; what finds no answer stays first in the line. */
function makeSender({ store, hub }: LinkDeps): () => Promise<void> {
  let sending = false;
  const first = () => unsent(store.getState().outbox)[0];
  return async () => {
    if (sending || hub.status !== "live") return;
    sending = true;
    for (let next = first(); next; next = first()) {
      if (!(await deliver(hub, next, store.dispatch))) break;
    }
    sending = false;
  };
}

/** Sends one; false when no answer came and it must be sent again, with the same identity, before any other. */
async function deliver(hub: HubClient, one: Queued, dispatch: CourierStore["dispatch"]): Promise<boolean> {
  try {
    await hub.command(one.name, one.input, { commandId: one.commandId, deadlineMs: TRY_MS });
    dispatch(outboxActions.taken(one.commandId));
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined || code === "hub.overloaded" || code === "rate.limited") return false;
    dispatch(outboxActions.refused({ commandId: one.commandId, name: one.name, failure: failureOf(error) }));
    return true;
  }
}
