import { Agent, request } from "node:http";

export interface Request {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Driven {
  readonly count: number;
  readonly tookMs: readonly number[];
  readonly spanMs: number;
}

/**
 * Keeps `concurrency` requests under way for `forMs`, on connections that stay open.
 *
 * @throws {Error} with the body of the first answer that is not 200: a refusal is no measurement
 */
export async function drive(next: () => Request, concurrency: number, forMs: number): Promise<Driven> {
  const agent = new Agent({ keepAlive: true, maxSockets: concurrency });
  const tookMs: number[] = [];
  const startMs = performance.now();
  const hand = async (): Promise<void> => {
    while (performance.now() - startMs < forMs) {
      const sentMs = performance.now();
      // oxlint-disable-next-line no-await-in-loop -- one hand has one request under way
      await post(agent, next());
      tookMs.push(performance.now() - sentMs);
    }
  };
  try {
    await Promise.all(Array.from({ length: concurrency }, hand));
  } finally {
    agent.destroy();
  }
  return { count: tookMs.length, tookMs, spanMs: performance.now() - startMs };
}

/** Posts JSON and resolves with the body of a 200. */
export function post(agent: Agent | undefined, { url, headers, body }: Request): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        ...(agent ? { agent } : {}),
        method: "POST",
        headers: { "content-type": "application/json", "content-length": Buffer.byteLength(body), ...headers },
      },
      (answer) => {
        let text = "";
        answer.setEncoding("utf8");
        answer.on("data", (chunk: string) => (text += chunk));
        answer.on("error", reject);
        answer.on("end", () =>
          answer.statusCode === 200
            ? resolve(text)
            : reject(new Error(`${url} answered ${answer.statusCode}: ${text}`)),
        );
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}
