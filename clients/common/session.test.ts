import { expect, test } from "vitest";

import { Refusal } from "#shared/contracts/errors.ts";

import type { Api, MakeApi } from "./api.ts";
import { failureOf } from "./failure.ts";
import { makeSessionApi } from "./session-api.ts";
import { makeSessionStore } from "./session-store.ts";
import { memoryStorage } from "./testing/memory-storage.ts";

const person = { id: "p", name: "Ada", email: "ada@example.org", roles: [] };
const opened = (n: number, accessExpiresAtMs: number) => ({
  person,
  accessToken: `access-${n}`,
  refreshToken: `refresh-${n}`,
  accessExpiresAtMs,
});

/** A hub of answers by command; a missing answer is a network that is gone. */
function hub(answers: Record<string, (input: unknown, token: string | undefined) => unknown>) {
  const asked: { name: string; token: string | undefined; key: string | undefined }[] = [];
  const makeApi: MakeApi = ({ token }) => ({
    call: (async (name, input, options) => {
      const sent = await token?.();
      asked.push({ name, token: sent, key: options?.key });
      const answer = answers[name];
      if (!answer) throw new TypeError("fetch failed");
      return answer(input, sent);
      // Cast: answers are given by name in each test.
    }) as Api["call"],
  });
  return { makeApi, asked };
}

function storeOf(makeApi: MakeApi, nowMs: () => number, storage = memoryStorage()) {
  return makeSessionStore({ makeApi, baseUrl: "", screen: "customer", storage, nowMs });
}

test("a session survives a reload and ends with sign-out, even when the hub is gone", async () => {
  const { makeApi } = hub({ "session.open": () => opened(1, 1e9) });
  const storage = memoryStorage();
  await storeOf(makeApi, () => 0, storage).open({ email: "ada@example.org", password: "long enough" });
  const reloaded = storeOf(makeApi, () => 0, storage);
  expect(reloaded.current()?.person.name).toBe("Ada");
  await reloaded.close();
  expect(storeOf(makeApi, () => 0, storage).current()).toBeUndefined();
});

test("a token about to end is renewed once for all who ask", async () => {
  const { makeApi, asked } = hub({ "session.open": () => opened(1, 60_000), "session.refresh": () => opened(2, 1e9) });
  const store = storeOf(makeApi, () => 45_000);
  await store.open({ email: "a@b.c", password: "x" });
  expect(await Promise.all([store.token(), store.token()])).toEqual(["access-2", "access-2"]);
  expect(asked.filter((each) => each.name === "session.refresh")).toHaveLength(1);
});

test("an ended session signs out; a lost network does not", async () => {
  const gone = hub({ "session.open": () => opened(1, 0) });
  const store = storeOf(gone.makeApi, () => 1);
  await store.open({ email: "a@b.c", password: "x" });
  await expect(store.token()).rejects.toThrow("fetch failed");
  expect(store.current()).toBeDefined();

  const refusing = hub({
    "session.open": () => opened(1, 0),
    "session.refresh": () => {
      throw new Refusal("auth.session-ended", "reused");
    },
  });
  const ended = storeOf(refusing.makeApi, () => 1);
  await ended.open({ email: "a@b.c", password: "x" });
  await expect(ended.token()).rejects.toThrow("reused");
  expect(ended.current()).toBeUndefined();
});

test("a request with a token that the hub does not take is sent once again, renewed, under the same key", async () => {
  const { makeApi, asked } = hub({
    "session.open": () => opened(1, 1e12),
    "session.refresh": () => opened(2, 1e12),
    "me.read": (_, token) => {
      if (token === "access-1") throw new Refusal("auth.expired", "old");
      return person;
    },
  });
  const session = storeOf(makeApi, () => 0);
  await session.open({ email: "a@b.c", password: "x" });
  const api = makeSessionApi({ makeApi, baseUrl: "", session, newKey: () => "key-00001" });
  expect(await api.call("me.read", {})).toEqual(person);
  expect(asked.filter((each) => each.name === "me.read")).toEqual([
    { name: "me.read", token: "access-1", key: "key-00001" },
    { name: "me.read", token: "access-2", key: "key-00001" },
  ]);
});

test("[ROL12] a hub that could not answer is asked once again after a moment, under the same key, and no more", async () => {
  let times = 0;
  const { makeApi, asked } = hub({
    "me.read": () => {
      times += 1;
      if (times !== 2) throw new Refusal("hub.overloaded", "this hub is going away");
      return person;
    },
  });
  const waited: number[] = [];
  const wait = async (ms: number) => void waited.push(ms);
  const session = storeOf(makeApi, () => 0);
  const api = makeSessionApi({ makeApi, baseUrl: "", session, newKey: () => "key-00001", wait });
  expect(await api.call("me.read", {})).toEqual(person);
  expect(asked.map(({ key }) => key)).toEqual(["key-00001", "key-00001"]);
  expect(waited.every((ms) => ms >= 400 && ms < 800)).toBe(true);
  await expect(api.call("me.read", {})).rejects.toThrow("this hub is going away");
  expect([times, waited.length]).toEqual([4, 2]);
});

test("what is not a refusal is told as a lost connection", () => {
  expect(failureOf(new Refusal("menu.unavailable", "dal")).title).toBe("An item is sold out");
  expect(failureOf(new TypeError("fetch failed")).code).toBe("offline");
});
