import { join } from "node:path";

import { migrate } from "#drizzle/migrate.ts";

import { freePort } from "./port.ts";
import { joinCluster } from "./redis-cluster.ts";
import { localSecrets } from "./secrets.ts";
import type { LocalSecrets } from "./secrets.ts";
import { supervise } from "./supervise.ts";
import type { Part, Supervised, Tell } from "./supervise.ts";
import { postgresPart, processPart, redisPart } from "./system-parts.ts";

/** Where the provider's webhooks arrive at a hub. */
export const WEBHOOK_PATH = "/v1/webhooks/payments";

export interface SystemOptions {
  /** The data folder. Everything that the system keeps, notes and logs is in it. */
  readonly dir: string;
  /** How many hubs, from 1. */
  readonly hubs: number;
  readonly workers: number;
  /** `sandbox` starts the local payment provider; `given` leaves PAYMENTS and its keys to `env`. */
  readonly payments: "sandbox" | "given";
  /** For hubs and workers alike, over what is derived here. */
  readonly env?: Readonly<Record<string, string>>;
  /** For one hub or worker alone, over all the rest. */
  readonly envOf?: (name: string, env: Readonly<Record<string, string>>) => Promise<Readonly<Record<string, string>>>;
  /** Of what stands before the hubs, where something does: the payment provider tells it. */
  readonly doorUrl?: string | undefined;
  /** Ports of the hubs, as far as they are given; free ones otherwise. */
  readonly hubPorts?: readonly number[];
  /** The live Redis as a cluster of three nodes. */
  readonly cluster?: boolean;
  /** Stores that are there already, instead of embedded ones. */
  readonly given?: {
    readonly databaseUrl?: string | undefined;
    readonly redisLiveUrl?: string | undefined;
    readonly redisQueueUrl?: string | undefined;
  };
  /** Runs once after the migrations, before any hub. What it answers is added to the environment. */
  readonly prepare?: (databaseUrl: string) => Promise<Readonly<Record<string, string>> | void>;
  /** Told of every step and of every death. */
  readonly tell?: (sentence: string) => void;
}

/** A hub or worker that came later. */
export interface Joined {
  readonly name: string;
  readonly url: string;
}

export interface RunningSystem {
  readonly hubUrls: readonly string[];
  readonly workerUrls: readonly string[];
  readonly databaseUrl: string;
  /** Several nodes, with commas between them, where it is a cluster. */
  readonly redisLiveUrl: string;
  readonly redisQueueUrl: string;
  /** The local payment provider; undefined without it. */
  readonly sandboxUrl: string | undefined;
  readonly secrets: LocalSecrets;
  /** Of all that run now: `postgres`, `redis-live` (or `redis-live-0` to `-2`), `redis-queue`, `sandbox`, `hub-0`…, `worker-0`… */
  readonly names: readonly string[];
  /** The environment that hubs and workers were given. */
  readonly env: Readonly<Record<string, string>>;
  pid(name: string): number;
  /** SIGKILL; it stays down until `restart`. One that dies otherwise is started again by itself. */
  kill(name: string): Promise<void>;
  restart(name: string): Promise<void>;
  /** Starts one more process of ours, watched over and stopped like the others, before them. */
  add(part: Part): Promise<void>;
  /** Starts one more hub or worker like the others. Resolves when it takes work. */
  join(kind: "hub" | "worker"): Promise<Joined>;
  /** Drains and ends one for good. */
  retire(name: string): Promise<void>;
  /** What faces people first, what it leans on last. */
  stop(): Promise<void>;
}

/**
 * The whole platform on this machine: stores, migrations, payment sandbox, hubs, workers. Resolves when all take work;
 * when one does not come up, stops the others and rejects.
 */
export async function startSystem(options: SystemOptions): Promise<RunningSystem> {
  const started: Supervised[] = [];
  const say = options.tell ?? ((): void => {});
  const tell: Tell = (name, what, why) => say(`${name} ${what}${why === undefined ? "" : `: ${wordsOf(why)}`}`);
  const begin = async (part: Part): Promise<void> => {
    started.push(await supervise(part, tell));
  };
  const stop = async (): Promise<void> => {
    for (const each of started.toReversed()) await each.stop();
    started.length = 0;
  };
  const find = (name: string): Supervised => {
    const found = started.find((each) => each.name === name);
    if (found === undefined) throw new Error(`there is no "${name}" in this system`);
    return found;
  };
  const retire = async (name: string): Promise<void> => {
    await find(name).stop();
    started.splice(started.indexOf(find(name)), 1);
  };
  try {
    return await startAll(options, { started, begin, stop, say, find, retire });
  } catch (error) {
    await stop();
    throw error;
  }
}

const wordsOf = (why: unknown): string => (why instanceof Error ? why.message : String(why));

interface Hands {
  readonly started: readonly Supervised[];
  readonly begin: (part: Part) => Promise<void>;
  readonly stop: () => Promise<void>;
  readonly say: (sentence: string) => void;
  readonly find: (name: string) => Supervised;
  readonly retire: (name: string) => Promise<void>;
}

async function startAll(options: SystemOptions, hands: Hands): Promise<RunningSystem> {
  const secrets = localSecrets(options.dir);
  const stores = await startStores(options, hands);
  hands.say("migrating the database");
  await migrate(stores.databaseUrl);
  const prepared = await options.prepare?.(stores.databaseUrl);

  const hubPorts = await ports(options.hubs, options.hubPorts);
  const hubUrls = hubPorts.map((port) => `http://127.0.0.1:${port}`);
  const sandboxUrl = options.payments === "sandbox" ? await startSandbox(options, hands, secrets, hubUrls) : undefined;
  const env = { ...commonEnv(stores, secrets, sandboxUrl), ...options.env, ...prepared };

  hands.say(`starting ${options.hubs} hubs and ${options.workers} workers`);
  const partOf = async (kind: "hub" | "worker", index: number, port: number): Promise<Part> => {
    const name = `${kind}-${index}`;
    const own = await options.envOf?.(name, env);
    const listening = { [kind === "hub" ? "HUB_PORT" : "WORKER_PORT"]: String(port) };
    const entry = kind === "hub" ? "hub/main.ts" : "workers/main.ts";
    return processPart({ name, entry, env: { ...env, ...own, ...listening }, dir: options.dir });
  };
  const workerPorts = await ports(options.workers);
  const workers = workerPorts.map((port, index) => partOf("worker", index, port));
  const hubs = hubPorts.map((port, index) => partOf("hub", index, port));
  await beginAll(await Promise.all(workers), hands);
  await beginAll(await Promise.all(hubs), hands);

  const { find } = hands;
  const come = { hub: options.hubs, worker: options.workers };
  return {
    ...stores,
    hubUrls,
    workerUrls: workerPorts.map((port) => `http://127.0.0.1:${port}`),
    sandboxUrl,
    secrets,
    env,
    get names() {
      return hands.started.map((each) => each.name);
    },
    pid: (name) => find(name).pid(),
    kill: (name) => find(name).kill(),
    restart: (name) => find(name).restart(),
    add: hands.begin,
    async join(kind) {
      const [port, index] = [await freePort(), come[kind]];
      come[kind] += 1;
      await hands.begin(await partOf(kind, index, port));
      return { name: `${kind}-${index}`, url: `http://127.0.0.1:${port}` };
    },
    retire: hands.retire,
    stop: hands.stop,
  };
}

interface Stores {
  readonly databaseUrl: string;
  readonly redisLiveUrl: string;
  readonly redisQueueUrl: string;
}

async function startStores({ dir, given = {}, cluster = false }: SystemOptions, hands: Hands): Promise<Stores> {
  const names = cluster ? ["redis-live-0", "redis-live-1", "redis-live-2"] : ["redis-live"];
  const unless = <P>(url: string | undefined, parts: () => P[]): P[] => (url === undefined ? parts() : []);
  const database = unless(given.databaseUrl, () => [postgresPart(dir)]);
  const live = unless(given.redisLiveUrl, () => names.map((name) => redisPart(dir, name, cluster)));
  const queue = unless(given.redisQueueUrl, () => [redisPart(dir, "redis-queue")]);
  const needed = [...database, ...live, ...queue];
  for (const { name } of needed) hands.say(`starting ${name}`);
  await beginAll(needed, hands);
  if (live.length > 1) await joinCluster(live.map((node) => ({ url: node.url(), busPort: node.busPort() })));
  const urls = (parts: readonly { url(): string }[]): string => parts.map((part) => part.url()).join(",");
  return {
    databaseUrl: given.databaseUrl ?? urls(database),
    redisLiveUrl: given.redisLiveUrl ?? urls(live),
    redisQueueUrl: given.redisQueueUrl ?? urls(queue),
  };
}

/** Starts several at once. One that fails is reported when all have settled, so that none is left out of the stop. */
async function beginAll(parts: readonly Part[], hands: Hands): Promise<void> {
  const outcomes = await Promise.allSettled(parts.map(hands.begin));
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

async function startSandbox(
  options: SystemOptions,
  hands: Hands,
  secrets: LocalSecrets,
  hubUrls: readonly string[],
): Promise<string> {
  hands.say("starting the payment sandbox");
  const port = await freePort();
  const env = {
    SANDBOX_PORT: String(port),
    SANDBOX_DIR: join(options.dir, "sandbox"),
    SANDBOX_SECRET_KEY: secrets.stripeSecretKey,
    SANDBOX_PUBLISHABLE_KEY: secrets.stripePublishableKey,
    SANDBOX_WEBHOOK_SECRET: secrets.stripeWebhookSecret,
    // What the hub acts on; a deployment subscribes to the same at the real provider.
    SANDBOX_WEBHOOK_EVENTS:
      "payment_intent.amount_capturable_updated,payment_intent.succeeded,payment_intent.canceled,charge.refunded",
    // One endpoint, as a proxy in front of the hubs is; another hub hears what it missed by polling.
    SANDBOX_WEBHOOK_URLS: (options.doorUrl === undefined ? hubUrls.slice(0, 1) : [options.doorUrl])
      .map((url) => url + WEBHOOK_PATH)
      .join(","),
  };
  await hands.begin(processPart({ name: "sandbox", entry: "load/sandbox/main.ts", env, dir: options.dir }));
  return `http://127.0.0.1:${port}`;
}

function commonEnv(stores: Stores, secrets: LocalSecrets, sandboxUrl: string | undefined): Record<string, string> {
  const sandbox = {
    PAYMENTS: "sandbox",
    STRIPE_SECRET_KEY: secrets.stripeSecretKey,
    STRIPE_PUBLISHABLE_KEY: secrets.stripePublishableKey,
    STRIPE_WEBHOOK_SECRET: secrets.stripeWebhookSecret,
    STRIPE_API_BASE: sandboxUrl ?? "",
  };
  return {
    DATABASE_URL: stores.databaseUrl,
    REDIS_LIVE_URL: stores.redisLiveUrl,
    REDIS_QUEUE_URL: stores.redisQueueUrl,
    JWT_SECRET: secrets.jwtSecret,
    // Everybody here is one address: simulated people sign in by the hundred.
    SIGN_INS_PER_MINUTE: "100000",
    REQUESTS_PER_MINUTE: "100000",
    SOCKETS_PER_ADDRESS: "100000",
    ...(sandboxUrl === undefined ? {} : sandbox),
  };
}

async function ports(count: number, wanted: readonly number[] = []): Promise<number[]> {
  const found: number[] = [];
  for (let index = 0; index < count; index++) found.push(wanted[index] ?? (await freePort()));
  return found;
}
