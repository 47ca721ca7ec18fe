import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** One address before all hubs, as a deployment has it. */
export interface FrontDoor {
  readonly url: string;
  /** New connections go to these hubs from now on, as far as they say that they are ready. */
  lead(hubUrls: readonly string[]): void;
  /** Resolves when this hub is sent connections, or is sent none any more. */
  until(hubUrl: string, ready: boolean, signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Wall ms between two questions to a hub, and for its answer. */
const ASK_EVERY_MS = 250;
const ANSWER_WITHIN_MS = 2_000;
/** A hub that says no is believed at once; one that says nothing is given up after so many questions. */
const SILENT_TIMES = 3;

/**
 * The poorest balancer that there is: it looks at `/readyz`, passes bytes, and repeats nothing. Whoever is behind a better one
 * fares no worse than what is measured here. [ROL8]
 */
export async function openFrontDoor(askEveryMs = ASK_EVERY_MS): Promise<FrontDoor> {
  const hubs = new Map<string, Backend>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const there = [...hubs.values()].filter((hub) => hub.state !== "gone");
    const ready = there.filter((hub) => hub.state === "ready");
    // Where all are too busy to be ready, a slow answer is better than none.
    const [first] = (ready.length > 0 ? ready : there).toSorted(
      (a, b) => a.connections - b.connections || a.sentAtMs - b.sentAtMs,
    );
    if (first === undefined) client.resetAndDestroy();
    else first.pass(client);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // Cast: it listens on TCP.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    lead(hubUrls) {
      for (const [url, hub] of hubs) {
        if (hubUrls.includes(url)) continue;
        hub.forget();
        hubs.delete(url);
      }
      for (const url of hubUrls) if (!hubs.has(url)) hubs.set(url, new Backend(url, askEveryMs));
    },
    async until(hubUrl, ready, signal) {
      while ((hubs.get(hubUrl)?.state === "ready") !== ready) {
        // oxlint-disable-next-line no-await-in-loop -- looks again and again
        await delay(20, undefined, { signal });
      }
    },
    async close() {
      for (const hub of hubs.values()) hub.end();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** A hub as the door sees it. */
class Backend {
  /** `gone` until it has answered. */
  state: "ready" | "unready" | "gone" = "gone";
  sentAtMs = 0;
  readonly #url: URL;
  readonly #sockets = new Set<Socket>();
  readonly #over = new AbortController();

  constructor(url: string, askEveryMs: number) {
    this.#url = new URL(url);
    void this.#ask(askEveryMs);
  }

  get connections(): number {
    return this.#sockets.size;
  }

  pass(client: Socket): void {
    this.sentAtMs = performance.now();
    const hub = connect({
      host: this.#url.hostname,
      port: Number(this.#url.port),
      allowHalfOpen: true,
      noDelay: true,
    });
    this.#sockets.add(client);
    const end = (): void => {
      this.#sockets.delete(client);
      client.destroy();
      hub.destroy();
    };
    for (const socket of [client, hub]) socket.on("error", end).on("close", end);
    client.pipe(hub).pipe(client);
  }

  /** Asks no more, and lets those who are connected finish. */
  forget(): void {
    this.#over.abort();
  }

  end(): void {
    this.forget();
    for (const socket of this.#sockets) socket.destroy();
  }

  async #ask(everyMs: number): Promise<void> {
    const { signal } = this.#over;
    for (let silent = 0; !signal.aborted;) {
      // oxlint-disable-next-line no-await-in-loop -- one question after the other
      const said = await this.#answer();
      silent = said === "silent" ? silent + 1 : 0;
      if (said !== "silent") this.state = said;
      else if (silent >= SILENT_TIMES) this.state = "unready";
      // oxlint-disable-next-line no-await-in-loop
      await delay(everyMs, undefined, { signal }).catch(() => {});
    }
  }

  async #answer(): Promise<Backend["state"] | "silent"> {
    try {
      const answer = await fetch(new URL("/readyz", this.#url), {
        headers: { connection: "close" },
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      await answer.arrayBuffer();
      return answer.ok ? "ready" : "unready";
    } catch (error) {
      // A hub that stands still says nothing; one that does not listen is gone.
      return error instanceof Error && error.name === "TimeoutError" ? "silent" : "gone";
    }
  }
}
