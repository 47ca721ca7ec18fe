import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import postgres from "postgres";
import { afterEach, beforeEach, expect, test } from "vitest";

import { findPostgres } from "./postgres-binaries.ts";
import { startPostgres } from "./postgres.ts";
import { processNow } from "./process-id.ts";

const LAUNCHER = join(import.meta.dirname, "testing-launcher.ts");

let folder: string;
const started: { stop(): Promise<void> }[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tiffin-pg-"));
});
afterEach(async () => {
  for (const each of started.splice(0)) await each.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(options: { port?: number } = {}) {
  const server = await startPostgres({ dataDir: join(folder, "pg"), ...options });
  started.push(server);
  return server;
}

async function ask<T>(url: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
}

const keep = (url: string) =>
  ask(url, async (sql) => {
    await sql`create table kept (n int)`;
    await sql`insert into kept values (7)`;
  });
const kept = (url: string) => ask(url, async (sql) => (await sql`select n from kept`).map((row) => row["n"]));

test("[LOC1] [LOC2] Postgres starts over an empty folder, and what was committed is there after a stop", async () => {
  const first = await start();
  await keep(first.url);
  await first.stop();
  expect(processNow(first.pid)).toBeUndefined();
  expect(await kept((await start()).url)).toEqual([7]);
});

test("[LOC2] what was committed is there after a kill -9, on the same port", async () => {
  const first = await start();
  await keep(first.url);
  process.kill(first.pid, "SIGKILL");
  await first.ended;
  expect(await kept((await start({ port: first.port })).url)).toEqual([7]);
});

test("[LOC1] Postgres starts for an ordinary user too", () => {
  // Readable for that user: our files may stand in a folder that is root's alone, so only the user namespace changes.
  const run = spawnSync("unshare", [
    "-U",
    "--map-user=1000",
    "--map-group=1000",
    process.execPath,
    LAUNCHER,
    folder,
    "stop",
  ]);
  expect(run.stdout.toString()).toContain("ready");
  expect(run.status).toBe(0);
});

test.skipIf(process.getuid?.() !== 0)(
  "[LOC1] [LOC5] where root may make no user namespace, another user runs Postgres, or a sentence says why not",
  () => {
    const bin = join(folder, "bin");
    mkdirSync(bin);
    for (const name of ["true", "setpriv"]) symlinkSync(join("/usr/bin", name), join(bin, name));
    const launch = () =>
      spawnSync(process.execPath, [LAUNCHER, folder, "stop"], { env: { ...process.env, PATH: bin }, encoding: "utf8" });
    const refused = {
      status: 1,
      stderr: expect.stringMatching(/^Postgres may not run as root, .* ordinary user\.$/mu),
    };
    expect(launch()).toMatchObject(refused);
    chmodSync(folder, 0o755);
    // A project in a folder that is root's alone stays out of reach.
    const reach = spawnSync(findPostgres().postgres, ["--version"], { uid: 65_534, gid: 65_534 }).status === 0;
    expect(launch()).toMatchObject(reach ? { status: 0, stdout: expect.stringContaining("ready") } : refused);
  },
);

test("[LOC4] a killed launcher does not stand in the way of the next", async () => {
  const launcher = spawn(process.execPath, [LAUNCHER, folder, "stay"], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(launcher.stdout, "data")) as [Buffer]; // Cast: a stream without encoding gives buffers.
  const pid = Number(/ready (\d+)/u.exec(line.toString())?.[1]);
  launcher.kill("SIGKILL");
  await once(launcher, "exit");
  const next = await start();
  expect(processNow(pid)).toBeUndefined();
  expect(await ask(next.url, async (sql) => (await sql`select 1 as one`)[0])).toEqual({ one: 1 });
});

test("[LOC5] a folder in use is told in one sentence, and the one who uses it goes on", async () => {
  const first = await start();
  await expect(startPostgres({ dataDir: join(folder, "pg") })).rejects.toThrow(`is in use by process ${process.pid}`);
  await keep(first.url);
});

test("[LOC5] a port in use is told in one sentence", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  await expect(start({ port })).rejects.toThrow(`Port ${port} is taken by another program`);
  server.close();
});

test("[LOC5] a full disk is told in one sentence", () => {
  // A disk of eight megabytes, in a mount namespace of its own: nothing to clean up.
  const script = `mount -t tmpfs -o size=8m tmpfs "${folder}" && exec "${process.execPath}" "${LAUNCHER}" "${folder}" stop`;
  const run = spawnSync("unshare", ["-U", "-r", "-m", "sh", "-c", script]);
  expect(run.stderr.toString()).toMatch(/^The disk that holds \S+ is full: free some space/mu);
  expect(run.status).toBe(1);
});

test("[LOC11] a number that belongs to another program now does not keep Postgres down", async () => {
  const first = await start();
  await keep(first.url);
  const file = join(folder, "pg", "postmaster.pid");
  const content = readFileSync(file, "utf8");
  await first.stop();
  const stranger = spawn("sleep", ["60"]);
  writeFileSync(file, content.replace(/^\d+/u, String(stranger.pid)));
  expect(await kept((await start()).url)).toEqual([7]);
  expect(stranger.exitCode).toBeNull();
  stranger.kill();
});

test("[LOC1] the password is the owner's alone", async () => {
  await start();
  expect(existsSync(join(folder, "pg.secret"))).toBe(true);
  expect(execFileSync("stat", ["-c", "%a", join(folder, "pg.secret")], { encoding: "utf8" }).trim()).toBe("600");
});
