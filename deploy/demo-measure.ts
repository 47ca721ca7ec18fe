/** `npm run demo:measure -- --json FILE`: starts the demo in an empty folder and measures what a newcomer sees of it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

import { firstMovement, lookAsOffice, memoryOf, watchOrders } from "./demo/watch-demo.ts";
import { PROJECT } from "./local/folders.ts";
import { DEMO_PASSWORD } from "./local/populate.ts";

const { values } = parseArgs({
  options: {
    json: { type: "string" },
    orders: { type: "string", default: "30" },
    port: { type: "string", default: "3600" },
    speed: { type: "string", default: "10" },
    /** A data folder to go on with, instead of an empty one. */
    data: { type: "string" },
  },
});
const PATIENCE_MS = 15 * 60_000;
const speed = Number(values.speed);
const folder = mkdtempSync(join(tmpdir(), "tiffin-demo-"));
const data = values.data ?? join(folder, "data");
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const beganAtMs = performance.now();
const secondsSince = (atMs: number): number => Math.round((performance.now() - atMs) / 100) / 10;
const child = spawn(
  process.execPath,
  ["deploy/local/start.ts", "--port", values.port, "--data", data, "--speed", values.speed],
  { cwd: PROJECT, stdio: ["ignore", "pipe", "inherit"] },
);
try {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  await hear("Tiffin is up", signal);
  const addressAfterS = secondsSince(beganAtMs);
  const printedAtMs = performance.now();
  const office = await lookAsOffice(`http://127.0.0.1:${values.port}`, {
    email: "dispatcher@demo.tiffin.example",
    password: DEMO_PASSWORD,
  });
  await firstMovement(office, signal);
  const movingAfterS = secondsSince(printedAtMs);
  say(`${addressAfterS} s to the printed address, ${movingAfterS} s from there to the first courier who moved`);
  const orders = await watchOrders(office, Number(values.orders), signal);
  const wallS = orders.flatMap(({ tookS }) => (tookS === null ? [] : [tookS / speed])).toSorted((a, b) => a - b);
  const memory = memoryOf(child.pid ?? 0);
  const figures = {
    addressAfterS,
    movingAfterS,
    speed,
    orders: orders.length,
    delivered: wallS.length,
    orderWallS: { p50: quantile(wallS, 0.5), p90: quantile(wallS, 0.9), longest: quantile(wallS, 1) },
    memoryMb: memory.reduce((sum, { pssMb }) => sum + pssMb, 0),
    memory,
  };
  say(
    `${figures.delivered} of ${figures.orders} orders delivered; wall seconds each: ${JSON.stringify(figures.orderWallS)}`,
  );
  for (const { name, pssMb } of memory) say(`${String(pssMb).padStart(6)} MB  ${name}`);
  say(`${String(figures.memoryMb).padStart(6)} MB  in all`);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
} finally {
  if (child.exitCode === null) {
    child.kill("SIGINT");
    await once(child, "exit");
  }
  rmSync(folder, { recursive: true, force: true });
}

/** Resolves when the demo has printed a line with these words; its lines are passed on. */
async function hear(words: string, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`npm start ended with ${code}`)));
    signal.addEventListener("abort", () => reject(new Error(`"${words}" was not printed in time`)));
    createInterface(child.stdout).on("line", (line) => {
      say(line);
      if (line.includes(words)) resolve();
    });
  });
}

function quantile(sorted: readonly number[], share: number): number | null {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return value === undefined ? null : Math.round(value);
}
