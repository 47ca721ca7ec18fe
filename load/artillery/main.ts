import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

import { artilleryArgs, readArtilleryArgs, type ArtilleryArgs, type Scenario } from "./args.ts";
import { makeAccounts, retireAccounts } from "./make-accounts.ts";

const HERE = import.meta.dirname;
/** Beside the project's own data: half a gigabyte among the code would slow every tool that looks through it. */
const INSTALLED = resolve(HERE, "../../.tiffin/artillery");
const MARKER = join(INSTALLED, "node_modules", ".tiffin-installed");
const ACCOUNTS = join(INSTALLED, "accounts.json");

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

/** Installs what this package's lock says; no package's scripts are run. */
function install(): void {
  const lock = readFileSync(join(HERE, "package-lock.json"));
  const fingerprint = createHash("sha256").update(lock).digest("hex");
  if (existsSync(MARKER) && readFileSync(MARKER, "utf8") === fingerprint) return;
  say("Installing Artillery (once, half a gigabyte, minutes)…");
  mkdirSync(INSTALLED, { recursive: true });
  for (const name of ["package.json", "package-lock.json"]) copyFileSync(join(HERE, name), join(INSTALLED, name));
  const { status, error } = npm([
    "ci",
    "--ignore-scripts",
    "--omit=optional",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ]);
  if (status !== 0) throw new Error(`npm ci of load/artillery did not succeed${error ? ` (${error.message})` : ""}`);
  writeFileSync(MARKER, fingerprint);
}

/** Under `npm run` the very npm that started us, else the one on PATH. */
function npm(args: readonly string[]) {
  const own = process.env["npm_execpath"];
  const options = { cwd: INSTALLED, stdio: ["ignore", 2, 2] as ("ignore" | 2)[] };
  if (own?.endsWith(".js") === true) return spawnSync(process.execPath, [own, ...args], options);
  return spawnSync("npm", args, { ...options, shell: process.platform === "win32" });
}

/** Plays one scenario to its end; several at a time say their names before each line. */
function play(args: ArtilleryArgs, scenario: Scenario, accounts: string): Promise<number> {
  const program = join(INSTALLED, "node_modules", "artillery", "bin", "run");
  const alone = args.scenarios.length === 1;
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", program, ...artilleryArgs(args, scenario)],
    {
      cwd: HERE,
      env: {
        ...process.env,
        ARTILLERY_DISABLE_TELEMETRY: "true",
        TIFFIN_ACCOUNTS: accounts,
        ...(args.market === undefined ? {} : { TIFFIN_MARKET: args.market }),
      },
      stdio: alone ? "inherit" : ["ignore", "pipe", "pipe"],
    },
  );
  for (const output of [child.stdout, child.stderr]) {
    if (output) createInterface(output).on("line", (line) => process.stdout.write(`[${scenario}] ${line}\n`));
  }
  const forward = (signal: NodeJS.Signals) => void child.kill(signal);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, forward);
  process.once("disconnect", () => child.kill());
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.on("close", (code) => done(code ?? 1));
  });
}

async function main(): Promise<number> {
  const args = readArtilleryArgs(process.argv.slice(2));
  if (typeof args === "string") {
    say(args);
    return 2;
  }
  const accounts = resolve(args.accounts ?? ACCOUNTS);
  if (args.scenarios.length === 0) {
    await (args.retire ? retireAccounts(args, accounts, say) : makeAccounts(args, accounts, say));
    return 0;
  }
  install();
  const json = args.json === undefined ? undefined : resolve(args.json);
  if (json !== undefined) mkdirSync(json, { recursive: true });
  const codes = await Promise.all(args.scenarios.map((each) => play({ ...args, json }, each, accounts)));
  for (const [index, code] of codes.entries()) if (code !== 0) say(`${args.scenarios[index]} failed (${code})`);
  return Math.max(...codes);
}

try {
  process.exit(await main());
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exit(2);
}
