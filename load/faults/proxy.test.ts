import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

import { afterEach, expect, test } from "vitest";

import { seededRng } from "#shared/lib/rng.ts";

import { startProxy, type FaultProxy } from "./proxy.ts";

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0).toReversed()) await each.close();
});

/** A server that says back what it hears, over TCP. */
async function echo(): Promise<{ readonly port: number; readonly sockets: Socket[]; readonly server: Server }> {
  const sockets: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    socket.on("error", () => {});
    socket.pipe(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  opened.push({
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
  return { port: (server.address() as AddressInfo).port, sockets, server };
}

async function linked() {
  const { port, sockets } = await echo();
  const proxy = await startProxy({ to: { host: "127.0.0.1", port }, rng: seededRng(1) });
  opened.push(proxy);
  return { proxy, sockets };
}

/** A client that keeps what it hears. */
function caller({ host, port }: FaultProxy) {
  const socket = connect({ host, port, allowHalfOpen: true });
  opened.push({ close: () => socket.destroy() });
  const chunks: Buffer[] = [];
  let told: string | undefined;
  const wakers = new Set<() => void>();
  const wake = (): void => {
    for (const waker of wakers) waker();
  };
  socket.on("data", (bytes) => {
    chunks.push(bytes);
    wake();
  });
  // Cast: sockets fail with system errors only.
  socket.on("error", (error: NodeJS.ErrnoException) => {
    told = error.code;
    wake();
  });
  socket.on("end", () => {
    told ??= "end";
    wake();
  });
  const until = (so: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const waker = (): void => {
        if (!so()) return;
        wakers.delete(waker);
        resolve();
      };
      wakers.add(waker);
      waker();
    });
  const text = (): string => Buffer.concat(chunks).toString();
  return {
    socket,
    chunks,
    told: () => told,
    text,
    heard: (wanted: string) => until(() => text() === wanted),
    ended: () => until(() => told !== undefined),
  };
}

const LONG = Array.from({ length: 20_000 }, (_, index) => String(index)).join(",");

test("[FLT1] without a fault a megabyte and more comes back as it was said, and then its end", async () => {
  const { proxy } = await linked();
  const client = caller(proxy);
  const much = LONG.repeat(12);
  client.socket.end(much);
  await client.ended();
  expect(client.told()).toBe("end");
  expect(client.text()).toBe(much);
  await expect.poll(() => proxy.connections).toBe(0);
});

test("[FLT1] late and jittered: in order, and not before its time", async () => {
  const { proxy } = await linked();
  await proxy.set({ kind: "latency", ms: 30, jitterMs: 20 });
  const client = caller(proxy);
  await once(client.socket, "connect");
  const beganAtMs = performance.now();
  for (const word of ["one ", "two ", "three"]) {
    client.socket.write(word);
    await new Promise((done) => setImmediate(done));
  }
  await client.heard("one two three");
  // There and back.
  expect(performance.now() - beganAtMs).toBeGreaterThanOrEqual(59);
});

test("[FLT1] cut into pieces of three bytes", async () => {
  const { proxy } = await linked();
  await proxy.set({ kind: "slices", bytes: 3, everyMs: 1 });
  const client = caller(proxy);
  client.socket.end("abcdefghijklmnop");
  await client.ended();
  expect(client.text()).toBe("abcdefghijklmnop");
  // What waits in the kernel may come joined: at least some of it comes apart.
  expect(client.chunks.length).toBeGreaterThan(1);
});

test("[FLT1] a limited link takes as long as its bytes take, and what waits goes at once when it is over", async () => {
  const { proxy } = await linked();
  await proxy.set({ kind: "bandwidth", bytesPerS: 40_000 });
  const client = caller(proxy);
  const beganAtMs = performance.now();
  client.socket.write(LONG.slice(0, 4_000));
  await client.heard(LONG.slice(0, 4_000));
  expect(performance.now() - beganAtMs).toBeGreaterThanOrEqual(70);
  client.socket.end(LONG);
  await proxy.set(undefined);
  await client.ended();
  expect(client.text()).toBe(LONG.slice(0, 4_000) + LONG);
});

test("[FLT2] a black hole takes everything and says nothing until it is over", async () => {
  const { proxy } = await linked();
  const client = caller(proxy);
  client.socket.write("before ");
  await client.heard("before ");
  await proxy.set({ kind: "black-hole" });
  client.socket.write("during ");
  const late = caller(proxy);
  await once(late.socket, "connect");
  late.socket.end("late");
  await new Promise((done) => setTimeout(done, 30));
  expect([client.text(), late.text(), late.told()]).toEqual(["before ", "", undefined]);
  await proxy.set(undefined);
  await client.heard("before during ");
  await late.ended();
  expect([late.text(), late.told()]).toEqual(["late", "end"]);
});

test("[FLT3] a reset ends both ends with an error, and new connections pass", async () => {
  const { proxy, sockets } = await linked();
  const client = caller(proxy);
  client.socket.write("hello");
  await client.heard("hello");
  const server = sockets[0];
  const lost = server && once(server, "error");
  expect(proxy.reset()).toBe(1);
  await client.ended();
  expect(client.told()).toBe("ECONNRESET");
  expect(await lost).toMatchObject([{ code: "ECONNRESET" }]);
  const again = caller(proxy);
  again.socket.write("again");
  await again.heard("again");
});

test("[FLT3] a server that resets is a reset for its client", async () => {
  const { proxy, sockets } = await linked();
  const client = caller(proxy);
  client.socket.write("hello");
  await client.heard("hello");
  sockets[0]?.resetAndDestroy();
  await client.ended();
  expect(client.told()).toBe("ECONNRESET");
  expect(proxy.connections).toBe(0);
});

test("[FLT3] nobody listens while it refuses; afterwards on the same port", async () => {
  const { proxy } = await linked();
  const { port } = proxy;
  const client = caller(proxy);
  client.socket.write("hello");
  await client.heard("hello");
  await proxy.set({ kind: "refuse" });
  const refused = caller(proxy);
  await Promise.all([client.ended(), refused.ended()]);
  expect([client.told(), refused.told()]).toEqual(["ECONNRESET", "ECONNREFUSED"]);
  await proxy.set(undefined);
  expect(proxy.port).toBe(port);
  const again = caller(proxy);
  again.socket.write("again");
  await again.heard("again");
});

test.each(["server", "client"] as const)(
  "[FLT4] the %s is gone and its peer is not told before the fault is over; others pass",
  async (gone) => {
    const { proxy, sockets } = await linked();
    const client = caller(proxy);
    client.socket.write("hello");
    await client.heard("hello");
    const server = sockets[0];
    const lost = server && once(server, "error");
    await proxy.set({ kind: "half-open", gone });
    const fresh = caller(proxy);
    fresh.socket.write("fresh");
    await fresh.heard("fresh");
    if (gone === "server") {
      await lost;
      client.socket.write("is anybody there?");
      await fresh.heard("fresh");
      expect(client.told()).toBeUndefined();
      await proxy.set(undefined);
      await client.ended();
      expect(client.told()).toBe("ECONNRESET");
    } else {
      await client.ended();
      expect(server?.destroyed).toBe(false);
      await proxy.set(undefined);
      expect(await lost).toMatchObject([{ code: "ECONNRESET" }]);
    }
    expect(proxy.connections).toBe(1);
    expect(fresh.told()).toBeUndefined();
  },
);

test("[FLT3] a server that is not there is a lost connection", async () => {
  const { port, server } = await echo();
  await new Promise((closed) => server.close(closed));
  const proxy = await startProxy({ to: { host: "127.0.0.1", port }, rng: seededRng(1) });
  opened.push(proxy);
  const client = caller(proxy);
  await client.ended();
  expect(client.told()).toBe("ECONNRESET");
});
