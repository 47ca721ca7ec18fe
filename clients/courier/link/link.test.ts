import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { CommandOptions, HubClient } from "#shared/client/hub-client.ts";
import type { WatchHandlers } from "#shared/client/stream-follower.ts";
import type { HubStatus } from "#shared/client/transport.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import type { CourierState, SeenOrder } from "#shared/contracts/views.ts";
import { encodeTrace } from "#shared/domain/tracking/motion/trace-text.ts";

import { makeStore } from "../app/store.ts";
import { startLink } from "./link.ts";
import { shownSuggestion, shownWork } from "./shown.ts";
import { memoryStorage } from "../../common/testing/memory-storage.ts";

const order = (id: string, status: "ACCEPTED" | "PICKUP_ONGOING"): SeenOrder => ({
  id,
  status: "READY",
  delivery: { id: `d-${id}`, status, version: 1, courierId: null, courierName: null, stopOrder: 0 },
});
const state: CourierState = {
  courierId: "c1",
  name: "Mara",
  vehicle: "bicycle",
  shift: { id: "s", startedAtMs: 0, endsAtMs: 9, endedAtMs: null },
  offer: null,
  suggestion: null,
  work: [order("a", "ACCEPTED"), order("b", "ACCEPTED")],
};

/** A hub whose answers the test gives, and whose connection it cuts. */
function fakeHub(status: HubStatus) {
  const sent: { name: string; commandId: string | undefined; input: unknown }[] = [];
  const answers = new Map<string, () => Promise<unknown>>();
  const listeners = new Set<(next: HubStatus) => void>();
  let handlers: WatchHandlers | undefined;
  const hub = {
    status,
    problem: undefined,
    stats: { rawGaps: 0, repeats: 0, watches: 0 },
    onStatus: (listener: (next: HubStatus) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    command: (name: string, input: unknown, options: CommandOptions = {}) => {
      sent.push({ name, commandId: options.commandId, input });
      return (answers.get(name) ?? (() => Promise.resolve({})))();
    },
    watch: (_ref: unknown, given: WatchHandlers) => {
      handlers = given;
      return { position: undefined, close: () => undefined };
    },
    close: () => undefined,
  };
  return {
    // Cast: what the link uses of a client; the rest is not there to be used.
    hub: hub as unknown as HubClient,
    sent,
    answers,
    handlers: () => handlers,
    turn: (next: HubStatus) => {
      hub.status = next;
      for (const listener of listeners) listener(next);
    },
  };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function begin(status: HubStatus, storage = memoryStorage()) {
  const fake = fakeHub(status);
  fake.answers.set("courier.read", () => Promise.resolve(state));
  const store = makeStore();
  let keys = 0;
  const link = startLink({
    store,
    storage,
    hub: fake.hub,
    personId: "p",
    marketId: "m",
    newKey: () => `key-${(keys += 1)}`,
    nowMs: () => Date.now(),
  });
  return { fake, store, link, storage };
}

const shown = (store: ReturnType<typeof makeStore>) => {
  const { duty, outbox } = store.getState();
  return duty.courier ? shownWork(duty.courier, outbox.queue).map((each) => each.delivery?.status) : undefined;
};

test("[CRP7] steps said offline are shown, kept over a reload, and sent in order under their first identity", async () => {
  const { fake, store, link, storage } = begin("live");
  await vi.advanceTimersByTimeAsync(1);
  fake.turn("offline");
  link.say("delivery.set-out", { marketId: "m", deliveryId: "d-a" });
  link.say("delivery.arrive-at-merchant", { marketId: "m", deliveryId: "d-a" });
  expect(shown(store)).toEqual(["ARRIVED_AT_MERCHANT", "ACCEPTED"]);
  link.close();

  const again = begin("offline", storage);
  expect(shown(again.store)).toEqual(["ARRIVED_AT_MERCHANT", "ACCEPTED"]);
  expect(again.fake.sent).toEqual([]);
  again.fake.turn("live");
  await vi.advanceTimersByTimeAsync(1);
  expect(again.fake.sent.map(({ name, commandId }) => [name, commandId])).toEqual([
    ["delivery.set-out", "key-1"],
    ["delivery.arrive-at-merchant", "key-2"],
  ]);
});

test("[CRP7] a step without an answer is sent again as the same one, and nothing overtakes it", async () => {
  const { fake, link } = begin("live");
  await vi.advanceTimersByTimeAsync(1);
  fake.answers.set("delivery.set-out", () => Promise.reject(new Refusal("hub.overloaded", "no answer")));
  link.say("delivery.set-out", { marketId: "m", deliveryId: "d-a" });
  link.say("delivery.set-out", { marketId: "m", deliveryId: "d-b" });
  await vi.advanceTimersByTimeAsync(1);
  fake.answers.delete("delivery.set-out");
  fake.turn("offline");
  fake.turn("live");
  await vi.advanceTimersByTimeAsync(1);
  const steps = fake.sent.filter((each) => each.name === "delivery.set-out");
  expect(steps.map((each) => each.commandId)).toEqual(["key-1", "key-1", "key-2"]);
});

test("[CRP2] a refused step is taken back with what followed it, is shown, and leaves others alone", async () => {
  const { fake, store, link } = begin("live");
  await vi.advanceTimersByTimeAsync(1);
  fake.turn("offline");
  link.say("delivery.set-out", { marketId: "m", deliveryId: "d-a" });
  link.say("delivery.arrive-at-merchant", { marketId: "m", deliveryId: "d-a" });
  link.say("delivery.set-out", { marketId: "m", deliveryId: "d-b" });
  let first = true;
  fake.answers.set("delivery.set-out", () => {
    const refuse = first;
    first = false;
    return refuse ? Promise.reject(new Refusal("delivery.illegal-action", "taken away")) : Promise.resolve({});
  });
  fake.turn("live");
  await vi.advanceTimersByTimeAsync(1);
  expect(store.getState().outbox.refused?.failure.code).toBe("delivery.illegal-action");
  expect(shown(store)).toEqual(["ACCEPTED", "PICKUP_ONGOING"]);
  expect(fake.sent.map((each) => each.name)).not.toContain("delivery.arrive-at-merchant");
});

test("[CRP1] a step that was taken stays on the screen until the stream has told of it", async () => {
  const { fake, store, link } = begin("live");
  await vi.advanceTimersByTimeAsync(1);
  link.say("delivery.set-out", { marketId: "m", deliveryId: "d-a" });
  await vi.advanceTimersByTimeAsync(1);
  expect(shown(store)).toEqual(["PICKUP_ONGOING", "ACCEPTED"]);
  const work = [order("a", "PICKUP_ONGOING"), order("b", "ACCEPTED")];
  fake.handlers()?.onSnapshot({ ...state, work }, { epoch: "1", seq: 1 });
  expect(shown(store)).toEqual(["PICKUP_ONGOING", "ACCEPTED"]);
  expect(store.getState().outbox.queue).toEqual([]);
});

test("[CRP4] readings of a shift go in one text a minute and leave the queue when they have arrived", async () => {
  const { fake, store, link } = begin("live");
  await vi.advanceTimersByTimeAsync(1);
  fake.turn("offline");
  const fix = { lat: 1, lng: 2, accuracyM: 5, speedMps: null, headingDeg: null };
  const startMs = Math.floor(Date.now() / 60_000) * 60_000;
  const fixes = [10_000, 20_000, 30_000].map((sinceMs) => ({ ...fix, takenAtMs: startMs + sinceMs }));
  for (const each of fixes) link.located(each);
  expect(store.getState().place.unsentFixes).toBe(3);
  fake.answers.set("trace.push", () => Promise.reject(new Refusal("hub.overloaded", "no answer")));
  fake.turn("live");
  await vi.advanceTimersByTimeAsync(120_000);
  expect(store.getState().place.unsentFixes).toBe(3);
  fake.answers.delete("trace.push");
  await vi.advanceTimersByTimeAsync(90_000);
  expect(store.getState().place.unsentFixes).toBe(0);
  const pushed = fake.sent.filter((each) => each.name === "trace.push").at(-1);
  expect(pushed?.input).toEqual({ marketId: "m", trace: encodeTrace(fixes) });
  // Standing still, one word is enough.
  expect(fake.sent.filter((each) => each.name === "motion.push").length).toBe(1);
});

test("[CRP9] a suggestion is shown until its time is over, it was answered, an offer came or the courier is there", () => {
  const point = { lat: -34.9, lng: -56.18 };
  const away = { lat: -34.93, lng: -56.18 };
  const suggestion = {
    id: "g",
    madeAtMs: 0,
    expiresAtMs: 100,
    restaurantName: "r",
    restaurantLine: "",
    point,
    wayMs: 50,
  };
  const advised = { suggestion, offer: null };
  const stay = (suggestionId: string) => [
    {
      commandId: "k",
      name: "suggestion.dismiss" as const,
      input: { marketId: "m", suggestionId },
      saidAtMs: 0,
      taken: false,
    },
  ];
  expect(shownSuggestion(advised, [], away, 99)).toBe(suggestion);
  expect(shownSuggestion(advised, stay("an older one"), null, 99)).toBe(suggestion);
  expect(shownSuggestion(advised, [], away, 100)).toBeUndefined();
  expect(shownSuggestion(advised, stay("g"), away, 99)).toBeUndefined();
  expect(shownSuggestion(advised, [], { lat: -34.901, lng: -56.18 }, 99)).toBeUndefined();
  expect(shownSuggestion({ suggestion: null, offer: null }, [], away, 0)).toBeUndefined();
  // Cast: that there is one is all that counts.
  const offer = { id: "o", status: "offered" } as CourierState["offer"];
  expect(shownSuggestion({ suggestion, offer }, [], away, 99)).toBeUndefined();
});
