import { Redis } from "ioredis";
import { afterEach, expect, onTestFinished, test } from "vitest";

import { swallowingWay } from "#shared/testing/swallowing-way.ts";
import { testServices } from "#shared/testing/services.ts";

import { connectRedis, type RedisUse } from "./connect.ts";

const { redisLiveUrl } = await testServices();
/** Wall ms. */
const SILENT_MS = 800;

const opened: (() => void)[] = [];
afterEach(() => {
  for (const close of opened.splice(0).toReversed()) close();
});

async function connected(use: RedisUse) {
  const way = await swallowingWay(redisLiveUrl);
  const errors: string[] = [];
  const client = connectRedis(way.url, use, "test-silent", ({ message }) => void errors.push(message), SILENT_MS);
  if (!(client instanceof Redis)) throw new Error("one server was meant");
  opened.push(
    () => way.close(),
    () => client.disconnect(),
  );
  return { way, client, errors };
}

test("[LIF9] a subscriber to whom nothing comes any more, and who is not told, hears again", async () => {
  const { way, client } = await connected("subscriber");
  const speaker = new Redis(redisLiveUrl);
  opened.push(() => speaker.disconnect());
  const heard: string[] = [];
  client.on("smessage", (_: string, text: string) => void heard.push(text));
  await client.ssubscribe("silent-room");
  client.on("ready", () => void client.ssubscribe("silent-room"));
  await speaker.spublish("silent-room", "before");
  await expect.poll(() => heard).toEqual(["before"]);
  way.swallow();
  const speakAndListen = async (): Promise<number> => {
    await speaker.spublish("silent-room", "after");
    return heard.length;
  };
  await expect.poll(speakAndListen, { timeout: 15_000, interval: 100 }).toBeGreaterThan(1);
});

test("[LIF9] a connection that was asked and is silent is made anew; one that idles stays", async () => {
  const { way, client, errors } = await connected("events");
  const first = await client.client("ID");
  await new Promise((done) => setTimeout(done, SILENT_MS * 1.5));
  expect(await client.client("ID")).toBe(first);
  expect(errors).toEqual([]);
  way.swallow();
  await expect.poll(() => client.ping().catch(() => "not yet"), { timeout: 15_000 }).toBe("PONG");
  expect(await client.client("ID")).not.toBe(first);
  expect(errors.join()).toMatch(/timeout/iu);
});

test("[LIF10] a subscriber that is let go of as soon as its connection is back leaves nothing that nobody catches", async () => {
  const { client } = await connected("subscriber");
  await client.ssubscribe("some-room");
  const uncaught: unknown[] = [];
  const catching = (error: unknown) => void uncaught.push(error);
  process.on("unhandledRejection", catching);
  onTestFinished(() => void process.off("unhandledRejection", catching));
  client.on("ready", () => client.disconnect());
  // Cast: the connection's socket, which the types do not show.
  (client as unknown as { stream: { destroy(): void } }).stream.destroy();
  await expect.poll(() => client.status, { timeout: 10_000 }).toBe("end");
  await new Promise((done) => void setImmediate(done));
  expect(uncaught).toEqual([]);
});
