import { rmSync } from "node:fs";
import { join } from "node:path";

import type { FaultKind, Hold, Scene } from "./scene.ts";

const SHORT: Hold = { fromMs: 1_000, toMs: 4_000 };
/** What was asked of it before has been given up, and asked elsewhere. */
const LONG: Hold = { fromMs: 20_000, toMs: 30_000 };
type Store = "postgres" | "redis-live" | "redis-queue";

async function killed(scene: Scene, names: readonly string[]): Promise<void> {
  await scene.kill(...names);
  await scene.hold();
  await scene.restart(...names);
}

const ofStore = (store: Store): FaultKind[] => [
  {
    name: `${store}-killed`,
    what: `SIGKILL of ${store}, a while without it, and up again`,
    hold: SHORT,
    run: (scene) => killed(scene, [store]),
  },
  {
    name: `${store}-paused`,
    what: `SIGSTOP of ${store} with all its processes, and SIGCONT`,
    hold: SHORT,
    run: (scene) => scene.pause([store], () => scene.hold()),
  },
];

const ofApp = (kind: "hub" | "worker"): FaultKind[] => [
  {
    name: `${kind}-killed`,
    what: `SIGKILL of a ${kind}, or of all, a while without it, and up again`,
    hold: SHORT,
    run: (scene) => killed(scene, scene.some(kind)),
  },
  {
    name: `${kind}-terminated`,
    what: `SIGTERM of a ${kind}, which drains and is started again`,
    hold: SHORT,
    run: (scene) => scene.terminate(scene.one(kind)),
  },
  {
    name: `${kind}-paused`,
    what: `SIGSTOP of a ${kind}, or of all, and SIGCONT`,
    hold: SHORT,
    run: (scene) => scene.pause(scene.some(kind), () => scene.hold()),
  },
];

/** Its files are gone as well when it comes up. */
async function emptied(scene: Scene, store: "redis-live" | "redis-queue"): Promise<void> {
  await scene.kill(store);
  await scene.hold();
  for (const file of ["appendonlydir", "dump.rdb"]) {
    rmSync(join(scene.dir, store, file), { recursive: true, force: true });
  }
  scene.tell("its files were removed");
  await scene.restart(store);
}

async function flushed(scene: Scene, store: "redis-live" | "redis-queue"): Promise<void> {
  await scene.redis(store, (client) => client.flushall());
  scene.tell(`FLUSHALL of ${store}`);
}

async function connectionsKilled(scene: Scene, store: "redis-live" | "redis-queue"): Promise<void> {
  let count = 0;
  await scene.everyWhile(500, () =>
    scene.redis(store, async (client) => {
      for (const type of ["normal", "pubsub"] as const) {
        // oxlint-disable-next-line no-await-in-loop -- two, on one connection
        count += Number(await client.call("CLIENT", "KILL", "TYPE", type, "SKIPME", "yes"));
      }
    }),
  );
  scene.tell(`CLIENT KILL of ${count} connections of ${store}`);
}

async function backendsTerminated(scene: Scene): Promise<void> {
  const { sql } = scene.hands.db;
  let count = 0;
  await scene.everyWhile(500, async () => {
    const ended = await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where application_name in ('tiffin-hub', 'tiffin-worker') and pid <> pg_backend_pid()`;
    count += ended.length;
  });
  scene.tell(`pg_terminate_backend of ${count} connections`);
}

/** What a hub commits is not announced any more; then it dies, and nobody is left who could announce it. */
async function writerKilled(scene: Scene): Promise<void> {
  const hub = scene.one("hub");
  const { sql } = scene.hands.db;
  const newest = async () => Number((await sql`select count(*) from order_events`)[0]?.["count"] ?? 0);
  await scene.links.set(new RegExp(`^${hub}>redis-live$`, "u"), { kind: "black-hole" });
  const before = await newest();
  await scene.until(async () => (await newest()) > before + 2);
  await scene.kill(hub);
  // What it had said into the black hole dies with it.
  scene.links.reset(new RegExp(`^${hub}>redis-live$`, "u"));
  await scene.links.set(new RegExp(`^${hub}>redis-live$`, "u"), undefined);
  scene.tell(`${(await newest()) - before} events were committed while it could not announce`);
  await scene.hold();
  await scene.restart(hub);
}

/** One worker stands still amid its work, another takes it over, and then both do it. */
async function twoSweepers(scene: Scene): Promise<void> {
  const worker = scene.one("worker");
  await flushed(scene, "redis-queue");
  await scene.pause([worker], () => scene.hold());
  await flushed(scene, "redis-queue");
}

async function rollingRestart(scene: Scene): Promise<void> {
  for (const hub of scene.all("hub")) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other is what rolling means
    await scene.terminate(hub);
  }
}

/** SIGTERM is Postgres' patient end: it takes nobody new and waits for those who are there. */
async function postgresTerminated(scene: Scene): Promise<void> {
  scene.tell("asked postgres to end");
  process.kill(scene.hands.system.pid("postgres"), "SIGTERM");
  await scene.hold();
  await scene.restart("postgres");
}

/** What happens to processes and stores themselves. */
export const PROCESS_KINDS: readonly FaultKind[] = [
  ...ofApp("hub"),
  ...ofApp("worker"),
  ...ofStore("postgres"),
  ...ofStore("redis-live"),
  ...ofStore("redis-queue"),
  {
    name: "hub-paused-long",
    what: "a hub stands still for so long that all that was asked of it is given up, and goes on with an old view of the world",
    hold: LONG,
    run: (scene) => scene.pause([scene.one("hub")], () => scene.hold()),
  },
  {
    name: "all-hubs-killed",
    what: "SIGKILL of every hub at once, and up again",
    hold: SHORT,
    run: (scene) => killed(scene, scene.all("hub")),
  },
  { name: "rolling-restart", what: "SIGTERM of one hub after the other", hold: SHORT, run: rollingRestart },
  {
    name: "redis-live-terminated",
    what: "SIGTERM of the live Redis, which saves and is started again",
    hold: SHORT,
    run: (scene) => scene.terminate("redis-live"),
  },
  {
    name: "postgres-terminated",
    what: "SIGTERM of Postgres, then its fast end and a new start",
    hold: SHORT,
    run: postgresTerminated,
  },
  {
    name: "writer-killed-before-publish",
    what: "a hub's publishes are held back while it commits; then it is killed",
    hold: SHORT,
    run: writerKilled,
  },
  {
    name: "two-sweepers",
    what: "the queue is emptied, a worker stands still while another sweeps, and goes on with what it had begun",
    hold: { fromMs: 4_000, toMs: 8_000 },
    run: twoSweepers,
  },
  {
    name: "redis-live-flushed",
    what: "FLUSHALL of the live Redis",
    hold: SHORT,
    run: (scene) => flushed(scene, "redis-live"),
  },
  {
    name: "redis-queue-flushed",
    what: "FLUSHALL of the queues' Redis",
    hold: SHORT,
    run: (scene) => flushed(scene, "redis-queue"),
  },
  {
    name: "redis-live-emptied",
    what: "SIGKILL of the live Redis, which comes up without its files",
    hold: SHORT,
    run: (scene) => emptied(scene, "redis-live"),
  },
  {
    name: "redis-queue-emptied",
    what: "SIGKILL of the queues' Redis, which comes up without its files",
    hold: SHORT,
    run: (scene) => emptied(scene, "redis-queue"),
  },
  {
    name: "redis-live-connections-killed",
    what: "CLIENT KILL of all connections, subscribers too, twice a second",
    hold: SHORT,
    run: (scene) => connectionsKilled(scene, "redis-live"),
  },
  {
    name: "redis-queue-connections-killed",
    what: "CLIENT KILL of all connections, twice a second",
    hold: SHORT,
    run: (scene) => connectionsKilled(scene, "redis-queue"),
  },
  {
    name: "postgres-connections-terminated",
    what: "pg_terminate_backend of all connections of hubs and workers, twice a second",
    hold: SHORT,
    run: backendsTerminated,
  },
];
