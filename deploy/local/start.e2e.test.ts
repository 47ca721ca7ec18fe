import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { makeApi } from "#shared/client/rest-client.ts";

import { firstMovement, lookAsOffice, memoryOf, watchOrders } from "../demo/watch-demo.ts";
import { PROJECT } from "./folders.ts";
import { isPortFree } from "./port.ts";
import { processNow } from "./process-id.ts";
import { runNode } from "./run-tool.ts";

const folder = mkdtempSync(join(tmpdir(), "tiffin-start-"));
const data = join(folder, "data");
let port: number;
const launched: ChildProcess[] = [];

beforeAll(async () => {
  // Two in a row, below the ports that the system hands out for connections, so that none comes between.
  do port = 20_000 + Math.floor(Math.random() * 10_000);
  while (!(await isPortFree(port)) || !(await isPortFree(port + 1)));
});
afterAll(() => {
  for (const each of launched) each.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** `npm start`, as npm runs it. Resolves with what it printed once everything is up. */
async function start(): Promise<{ child: ChildProcess; text: string }> {
  const size = ["--restaurants", "10", "--couriers", "10", "--customers", "20"];
  const pace = ["--speed", "20", "--orders-per-hour", "60"];
  const args = ["deploy/run.mjs", "deploy/local/start.ts", ...size, ...pace, "--port", String(port), "--data", data];
  const child = spawn(process.execPath, args, { cwd: PROJECT, stdio: ["ignore", "pipe", "pipe"] });
  launched.push(child);
  let text = "";
  const up = new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      text += chunk.toString();
      if (text.includes("Tiffin is up")) resolve();
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("exit", (code) => reject(new Error(`npm start ended with ${code}:\n${text}`)));
  });
  await up;
  return { child, text };
}

/** Processes whose command line names our data folder, or that the folder's records name. */
function ours(): number[] {
  const records = join(data, "run");
  const recorded = existsSync(records)
    ? readdirSync(records).map((name) => Number(/"pid":(\d+)/u.exec(readFileSync(join(records, name), "utf8"))?.[1]))
    : [];
  const named = readdirSync("/proc")
    .filter((name) => /^\d+$/u.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(data);
      } catch {
        return false; // Ended while we looked.
      }
    });
  return [...new Set([...recorded, ...named])].filter((pid) => processNow(pid) !== undefined);
}

async function signIn(email: string, password: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/v1/sessions`, {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": crypto.randomUUID() },
    body: JSON.stringify({ email, password }),
  });
  return response.status;
}

/** Ids and names of the restaurants that anybody sees. */
async function restaurantsThere(): Promise<readonly string[]> {
  const { restaurants } = await makeApi({ baseUrl: `http://127.0.0.1:${port}` }).call("restaurants.near", {
    marketId: "demo",
    limit: 100,
  });
  return restaurants.map(({ id, name }) => `${id} ${name}`);
}

/** Logins as the welcome shows them: an address, an e-mail address and a password on one line. */
const loginsIn = (text: string): string[][] =>
  [...text.matchAll(/https?:\S+\s+(\S+@\S+)\s+(\S+)/gu)].map(([, email = "", password = ""]) => [email, password]);

test("[LOC14] [LOC15] [DMO7] [DMO10] npm start comes up and lives, is killed, comes up again with its data, ends by Ctrl-C, and is reset", async () => {
  const first = await start();
  const logins = loginsIn(first.text);
  expect(logins.length).toBeGreaterThanOrEqual(5);
  for (const [mail = "", word = ""] of logins) expect(await signIn(mail, word)).toBeLessThan(300);
  expect(await (await fetch(`http://127.0.0.1:${port}/`, { headers: { accept: "text/html" } })).text()).toContain(
    "<html",
  );

  const [dispatcher = []] = logins.filter(([email]) => email?.startsWith("dispatcher"));
  const [email = "", password = ""] = dispatcher;
  const office = await lookAsOffice(`http://127.0.0.1:${port}`, { email, password });
  await firstMovement(office, AbortSignal.timeout(90_000));
  // Some are refused or given up, as in any city.
  const orders = await watchOrders(office, 3, AbortSignal.timeout(180_000));
  expect(orders.filter(({ tookS }) => tookS !== null)).not.toEqual([]);
  const memory = memoryOf(first.child.pid ?? 0);
  process.stdout.write(`${memory.map(({ name, pssMb }) => `${name} ${pssMb} MB`).join(", ")}\n`);
  expect(memory.reduce((sum, { pssMb }) => sum + pssMb, 0)).toBeLessThan(2_048);
  const before = await restaurantsThere();
  expect(before.length).toBe(10);

  const reset = await runNode(["deploy/local/reset.ts", "--data", data]);
  expect(reset).toMatchObject({ code: 1 });
  expect(reset.output).toContain("is in use by process");

  // The whole launcher dies at once, as on a power cut of the terminal.
  const launchers = ours().filter((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("start.ts"));
  for (const pid of launchers) process.kill(pid, "SIGKILL");
  await once(first.child, "exit");

  const second = await start();
  expect(loginsIn(second.text)).toEqual(logins);
  expect(await restaurantsThere()).toEqual(before);

  second.child.kill("SIGINT");
  const [code] = (await once(second.child, "exit")) as [number | null]; // Cast: the event's arguments.
  expect(code).toBe(0);
  expect(ours()).toEqual([]);

  expect(await runNode(["deploy/local/reset.ts", "--data", data])).toMatchObject({ code: 0 });
  expect(existsSync(data)).toBe(false);
});
