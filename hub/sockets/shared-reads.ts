import { Socket } from "node:net";

/** What has come is read to its end before the next read: one piece of memory is enough for all sockets of a hub. */
const memory = Buffer.allocUnsafeSlow(64 * 1024);
/** Node's sockets read into memory of a user where one gives it (`onread`), under these names. */
const [BUFFER, CALLBACK] = ["kBuffer", "kBufferCb"].map((name) =>
  Object.getOwnPropertySymbols(new Socket()).find(({ description }) => description === name),
);

interface Handle {
  useUserBuffer?(memory: Uint8Array): void;
}

/**
 * From now on a TCP socket of a server is read into memory that all sockets share. Node would set 64 KB aside for each read, cut them to what came,
 * and pass that through a stream: for a pong or a motion that is as much work as to take it. Who listens for its data gets a view of the shared
 * memory, and has to {@link kept keep} what is needed longer than the call. [RTM65]
 *
 * @returns whether it is so; false where Node does not do this any more, or the socket is none of TCP's own
 */
export function sharesReads(tcp: unknown): boolean {
  if (!(tcp instanceof Socket) || BUFFER === undefined || CALLBACK === undefined || !(BUFFER in tcp)) return false;
  const { _handle: handle } = tcp as Socket & { readonly _handle?: Handle | null }; // Cast: not public; a test looks that it is so.
  if (typeof handle?.useUserBuffer !== "function" || tcp.readableLength > 0) return false;
  handle.useUserBuffer(memory);
  Object.assign(tcp, { [BUFFER]: memory, [CALLBACK]: hears });
  return true;
}

/** Node calls it with how many bytes have come. */
function hears(this: Socket, length: number): void {
  this.emit("data", memory.subarray(0, length));
}

/** The chunk, to be held as long as it is needed. */
export function kept(chunk: Buffer): Buffer {
  return chunk.buffer === memory.buffer ? Buffer.from(chunk) : chunk;
}
