import { once } from "node:events";
import { createServer } from "node:net";

const HOST = "127.0.0.1";

/** A port on 127.0.0.1 that nobody listens on now. Another program may take it before you do: be ready to ask again. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, HOST);
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("a TCP server has no port");
  return address.port;
}

/** Could we listen on this port of 127.0.0.1? */
export async function isPortFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, HOST);
    await once(server, "listening");
    server.close();
    await once(server, "close");
    return true;
  } catch {
    return false;
  }
}
