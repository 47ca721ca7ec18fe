import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

import { expect, onTestFinished, test } from "vitest";

import { kept, sharesReads } from "./shared-reads.ts";

/** Both ends of so many connections. */
async function makePairs(count: number) {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo; // Cast: a TCP server that listens has such an address.
  const pairs: { client: Socket; socket: Socket }[] = [];
  for (let nth = 0; nth < count; nth += 1) {
    const accepted = once(server, "connection");
    const client = connect(port, "127.0.0.1");
    const [socket] = (await accepted) as [Socket]; // Cast: what a server gives.
    pairs.push({ client, socket });
  }
  onTestFinished(() => {
    for (const { client, socket } of pairs) for (const end of [client, socket]) end.destroy();
    server.close();
  });
  return pairs;
}

test("[RTM65] all sockets are read into the same memory, and what is kept outlasts the next read", async () => {
  const pairs = await makePairs(2);
  const [views, copies]: [Buffer[], string[]] = [[], []];
  for (const { socket } of pairs) {
    expect(sharesReads(socket)).toBe(true);
    socket.on("data", (chunk: Buffer) => void (views.push(chunk) && copies.push(kept(chunk).toString())));
  }
  for (const [nth, { client }] of pairs.entries()) {
    client.write(`from ${nth}`);
    await expect.poll(() => copies.length).toBe(nth + 1);
  }
  expect(copies).toEqual(["from 0", "from 1"]);
  expect(views.map(String)).toEqual(["from 1", "from 1"]);
  const ordinary = Buffer.from("ordinary");
  expect(kept(ordinary)).toBe(ordinary);
});

test("[RTM65] such a socket is held up, goes on, and hears that its peer has ended, as any other", async () => {
  const [pair] = await makePairs(1);
  if (!pair) throw new Error("one was asked for");
  const { client, socket } = pair;
  let heard = "";
  socket.on("data", (chunk: Buffer) => void (heard += chunk.toString()));
  sharesReads(socket);
  client.write("first");
  await expect.poll(() => heard).toBe("first");
  socket.pause();
  client.write("second");
  client.end();
  await once(client, "finish");
  // Whatever is read in these turns is not told.
  for (let turn = 0; turn < 5; turn += 1) await new Promise((done) => void setImmediate(done));
  expect(heard).toBe("first");
  const ended = once(socket, "end");
  socket.resume();
  await ended;
  expect(heard).toBe("firstsecond");
});

test("[RTM65] what is no socket of TCP's, or holds something already, is read as before", async () => {
  const [pair] = await makePairs(1);
  expect(sharesReads({})).toBe(false);
  pair?.socket.unshift(Buffer.from("before"));
  expect(sharesReads(pair?.socket)).toBe(false);
});
