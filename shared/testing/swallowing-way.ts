import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A way to a server on which connections can fall silent without either end being told. */
export interface SwallowingWay {
  readonly url: string;
  /** From now on nothing more comes through on the connections that are there; new ones pass. */
  swallow(): void;
  /** Pieces that have come from clients: writes, fewer where some met on the way. */
  heard(): number;
  close(): void;
}

/** @param url of a server over TCP, with host and port */
export async function swallowingWay(url: string): Promise<SwallowingWay> {
  const { hostname, port } = new URL(url);
  const pairs: (readonly [Socket, Socket])[] = [];
  let heard = 0;
  const server = createServer((client) => {
    client.on("data", () => {
      heard += 1;
    });
    const store = connect(Number(port), hostname);
    pairs.push([client, store]);
    client.pipe(store).pipe(client);
    for (const socket of [client, store]) socket.on("error", () => {});
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // Cast: it listens on TCP.
  const own = (server.address() as AddressInfo).port;
  return {
    url: url.replace(`${hostname}:${port}`, `127.0.0.1:${own}`),
    swallow() {
      for (const [client, store] of pairs) {
        client.unpipe(store).resume();
        store.unpipe(client).resume();
      }
    },
    heard: () => heard,
    close() {
      for (const socket of pairs.flat()) socket.destroy();
      server.close();
    },
  };
}
