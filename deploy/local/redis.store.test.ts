import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Cluster, Redis } from "ioredis";
import { afterEach, beforeEach, expect, test } from "vitest";

import { CACHE } from "./folders.ts";
import { findRedis } from "./redis-binary.ts";
import { joinCluster } from "./redis-cluster.ts";
import { startRedis } from "./redis.ts";
import { redisPart } from "./system-parts.ts";

let folder: string;
const started: { stop(): Promise<void> }[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tiffin-redis-"));
});
afterEach(async () => {
  for (const each of started.splice(0)) await each.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(options: { port?: number } = {}) {
  const server = await startRedis({ dataDir: join(folder, "redis"), ...options });
  started.push(server);
  return server;
}

async function ask<T>(url: string, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url);
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

test("[LOC2] Redis keeps what it was told over a stop, and evicts nothing", async () => {
  const first = await start();
  await ask(first.url, (redis) => redis.set("kept", "7"));
  await first.stop();
  const second = await start();
  expect(await ask(second.url, (redis) => redis.get("kept"))).toBe("7");
  expect(await ask(second.url, (redis) => redis.config("GET", "maxmemory-policy"))).toEqual([
    "maxmemory-policy",
    "noeviction",
  ]);
});

test("[LOC2] Redis comes back on the same port after a kill -9", async () => {
  const first = await start();
  process.kill(first.pid, "SIGKILL");
  expect(await first.ended).toBe("by SIGKILL");
  const second = await start({ port: first.port });
  expect(await ask(second.url, (redis) => redis.ping())).toBe("PONG");
});

test("[LOC5] a port in use is told in one sentence", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await expect(start({ port })).rejects.toThrow(`Port ${port} is taken by another program`);
  server.close();
});

/** A program that says that it is Redis of this version. */
function fakeRedis(name: string, version: string): string {
  const bin = join(folder, name);
  mkdirSync(bin);
  writeFileSync(join(bin, "redis-server"), `#!/bin/sh\necho "Redis server v=${version} sha=0"\n`);
  chmodSync(join(bin, "redis-server"), 0o755);
  return bin;
}

test("[LOC12] a Redis on PATH is taken when it is 7 or newer, the first such one", async () => {
  const path = [fakeRedis("old", "6.2.0"), fakeRedis("new", "7.4.1"), fakeRedis("newer", "8.0.0")].join(":");
  expect((await findRedis(join(folder, "cache"), path)).command).toBe(join(folder, "new", "redis-server"));
});

test("[LOC12] without one on PATH it is fetched once, without being root, and kept", async () => {
  const tools = toolsFor(["apt-get", "dpkg", "dpkg-deb"]);
  const fetched = await withPath(tools, () => findRedis(CACHE, ""));
  expect(execFileSync(fetched.command, ["--version"], { encoding: "utf8", env: fetched.env })).toMatch(/v=[789]/u);
  // The second time nothing is fetched: there is nothing to fetch with.
  expect(await withPath("", () => findRedis(CACHE, ""))).toEqual(fetched);
});

test("[LOC5] no Redis to be had is told in one sentence with the commands that help", async () => {
  const asked = withPath("", () => findRedis(join(folder, "cache"), ""));
  await expect(asked).rejects.toThrow(
    /no Redis 7 or newer.*apt-get install redis-server.*brew install redis.*docker run/u,
  );
});

test("[LOC13] three nodes are one cluster, also after all of them were killed", async () => {
  const nodes = [0, 1, 2].map((index) => redisPart(folder, `node-${index}`, true));
  const bringUp = async () => {
    const running = await Promise.all(nodes.map((node) => node.start()));
    started.push(...running);
    await joinCluster(nodes.map((node) => ({ url: node.url(), busPort: node.busPort() })));
    return running;
  };
  const running = await bringUp();
  const read = async (write: boolean) => {
    const cluster = new Cluster(nodes.map((node) => node.url()));
    try {
      const keys = ["a", "b", "c", "d", "e", "f"];
      if (write) await Promise.all(keys.map((key) => cluster.set(key, key)));
      return await Promise.all(keys.map((key) => cluster.get(key)));
    } finally {
      cluster.disconnect();
    }
  };
  expect(await read(true)).toEqual(["a", "b", "c", "d", "e", "f"]);
  for (const node of running) process.kill(node.pid, "SIGTERM");
  await Promise.all(running.map((node) => node.ended));
  await bringUp();
  expect(await read(false)).toEqual(["a", "b", "c", "d", "e", "f"]);
});

/** A folder with links to these programs of the machine, and to nothing else. */
function toolsFor(names: readonly string[]): string {
  const bin = join(folder, "tools");
  mkdirSync(bin);
  for (const name of [...names, "sh", "tar", "xz", "rm"]) symlinkSync(join("/usr/bin", name), join(bin, name));
  return bin;
}

async function withPath<T>(path: string, work: () => Promise<T>): Promise<T> {
  const before = process.env["PATH"];
  process.env["PATH"] = path;
  try {
    return await work();
  } finally {
    process.env["PATH"] = before;
  }
}
