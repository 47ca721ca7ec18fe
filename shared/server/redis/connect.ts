import { Cluster, Redis, type RedisOptions } from "ioredis";

/** One server or a cluster; both speak the commands that we use. */
export type RedisClient = Redis | Cluster;

/**
 * What a client is for decides what it does while Redis is away.
 * - `events`: a publish waits for a reconnection, briefly; what is lost is repaired from the store.
 * - `subscriber`: subscriptions wait as long as it takes. After a reconnection whoever made them makes them again: the client would do so
 *   behind everybody's back, and being let go of at that moment would end the process. [LIF10]
 * - `positions`: nothing waits and nothing is tried again; a position that comes late is worse than none.
 *
 * What is asked in one turn is written at once: a write costs more than a command. [RTM64]
 */
export type RedisUse = "events" | "subscriber" | "positions";

const OPTIONS = {
  events: { maxRetriesPerRequest: 2, commandTimeout: 2_000 },
  subscriber: { maxRetriesPerRequest: null, autoResubscribe: false },
  positions: {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    commandTimeout: 2_000,
  },
} as const satisfies Record<RedisUse, RedisOptions>;

type CommonOptions = (typeof OPTIONS)[RedisUse] &
  Required<Pick<RedisOptions, "connectionName" | "connectTimeout" | "socketTimeout">>;

/**
 * Wall ms. A server that vanished without a word, or whose words a network swallows, is found lost by the kernel after a
 * quarter of an hour at best, and for a subscriber, who only listens, never. [LIF9]
 */
const SILENT_MS = 10_000;

/** Wall ms between attempts to connect; it never gives up. */
const backoffMs = (attempt: number) => Math.min(50 * 2 ** Math.min(attempt, 6), 2_000);

/**
 * A client that reconnects for ever.
 *
 * @param urls `redis://host:port`, or several separated by commas: the first nodes of a cluster
 * @param onError told every failed attempt; the client goes on by itself
 * @param silentMs wall ms after which a connection that does not answer is made anew
 */
export function connectRedis(
  urls: string,
  use: RedisUse,
  name: string,
  onError: (error: Error) => void,
  silentMs: number = SILENT_MS,
): RedisClient {
  const nodes = urls.split(",").map((url) => url.trim());
  const [first] = nodes;
  if (first === undefined || first === "") throw new Error("the address of Redis is empty");
  const options = { ...OPTIONS[use], connectionName: name, connectTimeout: 5_000, socketTimeout: silentMs };
  const client =
    nodes.length === 1 ? new Redis(first, { ...options, retryStrategy: backoffMs }) : clusterOf(nodes, use, options);
  client.on("error", onError);
  if (client instanceof Redis) writesTogether(client);
  else client.on("+node", writesTogether);
  if (use === "subscriber" && client instanceof Redis) askNowAndThen(client, silentMs / 2);
  return client;
}

/**
 * What is written in one turn of the event loop goes to the kernel at its end, in one call. The client's own way to do so makes a pipeline
 * each time, whose commands nobody can collect before the whole heap is gone through (docs/adr/0052).
 */
function writesTogether(client: Redis): void {
  client.on("connect", () => {
    const { stream } = client;
    const write = stream.write.bind(stream) as (...args: unknown[]) => boolean; // Cast: by whichever of its signatures.
    let waits = false;
    stream.write = (...args: unknown[]) => {
      if (!waits) {
        waits = true;
        stream.cork();
        setImmediate(() => {
          waits = false;
          stream.uncork();
        });
      }
      return write(...args);
    };
  });
}

/** Who only listens does not notice that nobody speaks any more; what is asked and not answered is noticed. */
function askNowAndThen(client: Redis, everyMs: number): void {
  const asking = setInterval(() => {
    if (client.status === "ready") client.ping().catch(() => undefined);
  }, everyMs).unref();
  client.once("end", () => clearInterval(asking));
}

function clusterOf(nodes: string[], use: RedisUse, options: CommonOptions): Cluster {
  return new Cluster(nodes, {
    redisOptions: options,
    shardedSubscribers: use === "subscriber",
    enableOfflineQueue: use !== "positions",
    clusterRetryStrategy: backoffMs,
    slotsRefreshInterval: 5_000,
  });
}
