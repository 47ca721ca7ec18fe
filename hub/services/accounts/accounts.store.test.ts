import { eq } from "drizzle-orm";
import { afterAll, beforeEach, expect, test } from "vitest";

import { people, sessions } from "#drizzle/schema/people.ts";
import { expectIndexed } from "#shared/testing/plans.ts";
import { testServices } from "#shared/testing/services.ts";
import { newId } from "#shared/server/new-id.ts";

import { startTestHub } from "../../testing/hub-of-test.ts";

const { databaseUrl } = await testServices();
const hub = await startTestHub(databaseUrl);
const password = "correct horse battery";
let email = "";

afterAll(() => hub.close());
beforeEach(() => {
  email = `${newId()}@example.org`;
});

const register = () => hub.call("account.register", { email, password, name: "Ana", phone: "+59899123456" });
const refresh = (refreshToken: string) => hub.ask("session.refresh", { refreshToken });

test("[ACC1] the store holds an Argon2id hash of a password and nothing of the password", async () => {
  await register();
  const [row] = await hub.db.orm.select().from(people).where(eq(people.email, email));
  expect(row?.passwordHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/u);
});

test("[ACC2] an e-mail address has one account, whatever its capitals and however many ask at once", async () => {
  const asked = [email, email.toUpperCase(), email].map((each) =>
    hub.ask("account.register", { email: each, password, name: "Ana" }),
  );
  const statuses = (await Promise.all(asked)).map((answer) => answer.status);
  expect(statuses.toSorted((a, b) => a - b)).toEqual([200, 409, 409]);
});

test("[ACC3] a wrong password, an unknown address and a closed account get the same answer", async () => {
  await register();
  const wrong = await hub.ask("session.open", { email, password: "wrong" });
  const unknown = await hub.ask("session.open", { email: "nobody@example.org", password });
  await hub.db.orm.update(people).set({ disabled: true }).where(eq(people.email, email));
  const closed = await hub.ask("session.open", { email, password });
  expect(wrong.body["code"]).toBe("auth.wrong-credentials");
  expect(unknown).toEqual(wrong);
  expect(closed).toEqual(wrong);
});

test("[ACC5] a refresh gives new tokens, and the store holds hashes of them alone", async () => {
  const opened = await register();
  const next = await hub.call("session.refresh", { refreshToken: opened.refreshToken });
  expect(next.refreshToken).not.toBe(opened.refreshToken);
  const rows = JSON.stringify(await hub.db.orm.select().from(sessions));
  expect(rows).not.toContain(opened.refreshToken);
  expect(rows).not.toContain(next.refreshToken);
  const me = await hub.call("me.read", {}, next.accessToken);
  expect(me.email).toBe(email);
});

test("[ACC6] two tabs that refresh the same token at once get the same next one", async () => {
  const { refreshToken } = await register();
  const both = await Promise.all([refresh(refreshToken), refresh(refreshToken)]);
  expect(both.map((each) => each.status)).toEqual([200, 200]);
  expect(both[0].body["refreshToken"]).toBe(both[1].body["refreshToken"]);
});

test("[ACC7] after ten seconds a used token ends the whole session", async () => {
  const first = await register();
  const second = await hub.call("session.refresh", { refreshToken: first.refreshToken });
  hub.time.nowMs += 10_000;
  expect((await refresh(first.refreshToken)).body["code"]).toBe("auth.session-ended");
  expect((await refresh(second.refreshToken)).body["code"]).toBe("auth.session-ended");
});

test("[ACC7] a token that was used twice ends the session at once", async () => {
  const first = await register();
  const second = await hub.call("session.refresh", { refreshToken: first.refreshToken });
  const third = await hub.call("session.refresh", { refreshToken: second.refreshToken });
  expect((await refresh(first.refreshToken)).status).toBe(401);
  expect((await refresh(third.refreshToken)).status).toBe(401);
});

test("[ACC7] a guessed token ends nobody's session", async () => {
  const { refreshToken } = await register();
  const [sessionId] = refreshToken.split(".");
  expect((await refresh(`${sessionId}.0.${"A".repeat(43)}`)).status).toBe(401);
  expect((await refresh(refreshToken)).status).toBe(200);
});

test("[ACC8] a refresh reads the roles anew, and a closed account gets none", async () => {
  const opened = await register();
  expect(opened.person.roles).toEqual([{ role: "customer", marketId: null, restaurantId: null }]);
  await hub.db.orm.update(people).set({ disabled: true }).where(eq(people.email, email));
  expect((await refresh(opened.refreshToken)).body["code"]).toBe("auth.session-ended");
});

test("[ACC9] signing out ends the session's refresh tokens and no other's", async () => {
  const here = await register();
  const there = await hub.call("session.open", { email, password });
  await hub.call("session.close", {}, here.accessToken);
  expect((await refresh(here.refreshToken)).status).toBe(401);
  expect((await refresh(there.refreshToken)).status).toBe(200);
});

test("[ACC10] addresses are their owner's alone, also under the same id", async () => {
  const [ana, ben] = [await hub.person(), await hub.person()];
  const id = newId();
  const home = { id, label: "Home", line: "Street 1", instructions: "", point: { lat: -34.9, lng: -56.16 } };
  await hub.call("address.save", home, ana.token);
  await hub.call("address.save", { ...home, line: "Another 2" }, ben.token);
  await hub.call("address.save", { ...home, label: "House" }, ana.token);
  expect((await hub.call("addresses.list", {}, ana.token)).addresses).toEqual([{ ...home, label: "House" }]);
  await hub.call("address.remove", { id }, ben.token);
  expect((await hub.call("addresses.list", {}, ben.token)).addresses).toEqual([]);
  expect((await hub.call("addresses.list", {}, ana.token)).addresses).toHaveLength(1);
});

test("every statement that was sent finds its rows by an index", async () => {
  await expectIndexed(hub.db, hub.statements);
});
