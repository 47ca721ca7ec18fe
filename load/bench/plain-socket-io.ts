import { createServer } from "node:http";

import { Server } from "socket.io";

/** Socket.IO as it comes, with the hub's limits: what `bench:connections` holds the hub against. */
const http = createServer();
const io = new Server(http, {
  transports: ["websocket"],
  serveClient: false,
  maxHttpBufferSize: 64 * 1024,
  perMessageDeflate: false,
  pingInterval: 45_000,
  pingTimeout: 13_000,
});
io.of("/customer").on("connection", (socket) => {
  socket.on("stream:watch", (_payload, reply: (ack: object) => void) => reply({ ok: true, data: {} }));
});
http.listen(Number(process.env["PLAIN_PORT"] ?? 0), "127.0.0.1", () => process.stdout.write('{"ready":true}\n'));
process.on("SIGTERM", () => process.exit(0));
