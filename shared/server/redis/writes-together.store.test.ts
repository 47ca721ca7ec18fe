import type { Socket } from "node:net";

import { Cluster } from "ioredis";
import { expect, onTestFinished, test, vi } from "vitest";

import { testServices } from "#shared/testing/services.ts";

import { connectRedis, type RedisUse } from "./connect.ts";

const { redisLiveUrl } = await testServices();

test.each(["events", "positions", "subscriber"] satisfies RedisUse[])(
  "[RTM64] what %s are asked in one turn is one write, and each is answered",
  async (use) => {
    const client = connectRedis(redisLiveUrl, use, "test-together", () => {});
    onTestFinished(() => client.disconnect());
    if (client instanceof Cluster) throw new Error("one server was meant");
    await new Promise((ready) => void client.once("ready", ready));
    // Cast: what Node's sockets write with, below their public ways.
    const stream = client.stream as Socket & Required<Pick<Socket, "_write" | "_writev">>;
    const [alone, together] = [vi.spyOn(stream, "_write"), vi.spyOn(stream, "_writev")];
    expect(await Promise.all([client.ping("one"), client.ping("two"), client.ping("three")])).toEqual([
      "one",
      "two",
      "three",
    ]);
    expect(alone).not.toHaveBeenCalled();
    expect(together).toHaveBeenCalledOnce();
    expect(await client.ping("later")).toBe("later");
    expect(alone).toHaveBeenCalledOnce();
  },
);
