import { expect, test } from "vitest";

import { problemOf, type ErrorCode } from "../contracts/errors.ts";
import type { Ack } from "../contracts/streams.ts";
import { FakeClock, settle } from "../testing/fake-clock.ts";
import { makeHubClient } from "./hub-client.ts";
import type { TransportEvents } from "./transport.ts";

type Answer = Ack<unknown> | "lost";
interface Asked {
  readonly event: string;
  readonly payload: Record<string, unknown>;
}

/** A client over a transport that gives these answers, one after the other. */
function clientWith(answers: Answer[], token: () => Promise<string> = async () => "fresh") {
  const clock = new FakeClock();
  const asked: Asked[] = [];
  let events: TransportEvents | undefined;
  const client = makeHubClient({ token, clock, random: () => 0 }, (given) => {
    events = given;
    return {
      request(event, payload, done) {
        // Cast: requests are plain objects.
        asked.push({ event, payload: payload as Record<string, unknown> });
        const answer = answers.shift() ?? "lost";
        done(answer === "lost" ? undefined : answer);
      },
      close() {},
    };
  });
  events?.onStatus("live");
  return { client, clock, asked, events: events! };
}

const ok = (data: unknown): Answer => ({ ok: true, data });
const no = (code: ErrorCode): Answer => ({ ok: false, problem: problemOf(code, "no") });
const SHIFT = { marketId: "test-market" };

test("[RTM27] a lost answer is asked for again, with the same commandId", async () => {
  const { client, clock, asked } = clientWith(["lost", no("hub.overloaded"), ok({ done: true })]);
  const answer = client.command("shift.end", SHIFT);
  await clock.advance(10_000);
  expect(await answer).toEqual({ done: true });
  expect(asked.length).toBe(3);
  expect(new Set(asked.map((one) => one.payload["commandId"])).size).toBe(1);
  expect(asked[0]?.payload["commandId"]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab]/u);
});

test("[RTM27] while there is no connection a command waits for it", async () => {
  const { client, clock, asked, events } = clientWith([ok({})]);
  events.onStatus("offline");
  const answer = client.command("shift.end", SHIFT, { commandId: "of-the-caller" });
  await clock.advance(20_000);
  expect(asked).toEqual([]);
  events.onStatus("live");
  await answer;
  expect(asked).toEqual([{ event: "shift.end", payload: { ...SHIFT, commandId: "of-the-caller" } }]);
});

test("[RTM27] after its deadline a command is given up, connected or not", async () => {
  for (const status of ["live", "offline"] as const) {
    const { client, clock, events } = clientWith([]);
    events.onStatus(status);
    const outcome = client.command("shift.end", SHIFT, { deadlineMs: 3_000 }).catch((error: unknown) => error);
    await clock.advance(3_000);
    expect(await outcome).toMatchObject({ name: "Refusal", code: "hub.overloaded" });
  }
});

test("[RTM27] a refusal is the caller's, at once", async () => {
  const { client, asked } = clientWith([no("order.illegal-action")]);
  await expect(client.command("shift.end", SHIFT)).rejects.toMatchObject({ code: "order.illegal-action" });
  expect(asked.length).toBe(1);
});

test("[RTM17] a session that is over is renewed in band, and the command sent again", async () => {
  const { client, asked } = clientWith([no("auth.expired"), ok({}), ok({ done: true })]);
  expect(await client.command("shift.end", SHIFT)).toEqual({ done: true });
  expect(asked.map((one) => one.event)).toEqual(["shift.end", "session:renew", "shift.end"]);
  expect(asked[1]?.payload).toEqual({ accessToken: "fresh" });
});

test("[RTM17] told that the session ends, the client renews it; a token that cannot be had changes nothing", async () => {
  const one = clientWith([ok({})]);
  one.events.onFrame("session:expiring", { expiresAtMs: 1 });
  await settle();
  expect(one.asked.map((asked) => asked.event)).toEqual(["session:renew"]);
  const other = clientWith([], () => Promise.reject(new Error("signed out")));
  other.events.onFrame("session:expiring", { expiresAtMs: 1 });
  await settle();
  expect(other.asked).toEqual([]);
});

test("[RTM21] zones and watches are asked for again after every reconnection", async () => {
  const { client, asked, events } = clientWith([ok({}), "lost"]);
  await client.watchZones("test-market", ["87c2e3a41ffffff"]);
  const ref = { marketId: "test-market", kind: "order", id: "0190a000-0000-7000-8000-00000000000a" } as const;
  const watch = client.watch(ref, { onSnapshot() {}, onEvent() {} });
  events.onStatus("offline");
  asked.length = 0;
  events.onStatus("live");
  expect(asked.map((one) => one.event).toSorted()).toEqual(["stream:watch", "zones:watch"]);
  watch.close();
  expect(asked.at(-1)).toEqual({ event: "stream:unwatch", payload: { stream: ref } });
  asked.length = 0;
  events.onStatus("offline");
  events.onStatus("live");
  expect(asked.map((one) => one.event)).toEqual(["zones:watch"]);
});

test("[RTM21] a watch that is refused ends; one that the hub cannot answer now is asked again", async () => {
  const { client, clock, asked } = clientWith([no("hub.overloaded"), no("auth.expired"), no("stream.not-found")]);
  const closed: string[] = [];
  const ref = { marketId: "test-market", kind: "order", id: "0190a000-0000-7000-8000-00000000000a" } as const;
  client.watch(ref, { onSnapshot() {}, onEvent() {}, onClosed: (problem) => void closed.push(problem.code) });
  await clock.advance(60_000);
  expect(closed).toEqual(["stream.not-found"]);
  expect(asked.length).toBe(3);
});
