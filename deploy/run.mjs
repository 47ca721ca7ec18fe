// Runs a command of the project on the Node that the project brings, after installing what is missing.
// Plain JavaScript without dependencies, because it runs before anything is installed and on Node 20.
//
//   node deploy/run.mjs deploy/local/start.ts --quiet     an entry of ours
//   node deploy/run.mjs vitest run --project fast         the program "vitest" of the package "vitest"
//   node deploy/run.mjs typescript/tsc -p .               the program "tsc" of the package "typescript"
//   node deploy/run.mjs a.ts --then b.ts                  one after the other, as long as they succeed
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const MARKER = join(ROOT, "node_modules", ".tiffin-installed");
const OLDEST_NODE = [22, 18];

/** Says what went wrong in one sentence and ends. */
function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

function readJson(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}

/** Does what npm last wrote into node_modules hold every package of the lock that this machine needs? */
function holdsLock(lock) {
  const hidden = join(ROOT, "node_modules", ".package-lock.json");
  if (!existsSync(hidden)) return false;
  const present = readJson(hidden).packages;
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (path === "") return true;
    const have = present[path];
    // Builds for other platforms are optional and absent.
    return have ? have.integrity === wanted.integrity : wanted.optional === true || wanted.devOptional === true;
  });
}

/** Waits until no other run of this file installs, then claims the installation. Answers how to let go. */
function claimInstallation() {
  const claim = join(ROOT, ".tiffin", "installing");
  mkdirSync(dirname(claim), { recursive: true });
  for (;;) {
    try {
      writeFileSync(claim, String(process.pid), { flag: "wx" });
      return () => rmSync(claim, { force: true });
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    try {
      process.kill(Number(readFileSync(claim, "utf8")) || -1, 0);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    } catch (error) {
      if (error.code !== "EPERM") rmSync(claim, { force: true });
    }
  }
}

function isInstalled(lockText, fingerprint) {
  if (existsSync(MARKER) && readFileSync(MARKER, "utf8") === fingerprint) return true;
  if (!holdsLock(JSON.parse(lockText))) return false;
  writeFileSync(MARKER, fingerprint);
  return true;
}

/** Brings node_modules to what package-lock.json says; does nothing where it is so already. */
function install() {
  const lockText = readFileSync(join(ROOT, "package-lock.json"), "utf8");
  const fingerprint = createHash("sha256").update(lockText).digest("hex");
  if (isInstalled(lockText, fingerprint)) return;
  const release = claimInstallation();
  try {
    if (isInstalled(lockText, fingerprint)) return;
    process.stderr.write("Installing the project's packages (once, about a minute)…\n");
    // Under `npm run` the very npm that started us installs, else the one on PATH.
    const npm = process.env.npm_execpath?.endsWith(".js") ? [process.execPath, process.env.npm_execpath] : ["npm"];
    const done = spawnSync(
      npm[0],
      [...npm.slice(1), "ci", "--include=dev", "--include=optional", "--no-audit", "--no-fund", "--loglevel=error"],
      { cwd: ROOT, stdio: ["ignore", 2, 2], shell: process.platform === "win32" },
    );
    if (done.error) fail(`npm could not be started (${done.error.message}): install Node.js with npm, then try again.`);
    if (done.status !== 0) fail("npm ci did not succeed; its messages are above.");
    writeFileSync(MARKER, fingerprint);
  } finally {
    release();
  }
}

/** The Node to run on: the project's own build, else this one if it is new enough. */
function findNode() {
  const folder = join(
    ROOT,
    "node_modules",
    `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`,
  );
  const own = join(folder, "bin", process.platform === "win32" ? "node.exe" : "node");
  if (existsSync(own)) return own;
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return process.execPath;
  return fail(
    `Node.js ${process.versions.node} is too old and the project brings none for ${process.platform}-${process.arch}: ` +
      `install Node.js ${OLDEST_NODE.join(".")} or newer (24 is best) from nodejs.org, then try again.`,
  );
}

/** The file behind a command: an entry of ours, or a program of an installed package. */
function findEntry(command) {
  if (/[.](ts|mjs|js|cjs)$/u.test(command)) return join(ROOT, command);
  const parts = command.split("/");
  const program = parts.at(-1);
  const name =
    parts.length > 1 && !(command.startsWith("@") && parts.length === 2) ? parts.slice(0, -1).join("/") : command;
  const manifest = join(ROOT, "node_modules", name, "package.json");
  if (!existsSync(manifest)) return fail(`There is no package "${name}" in node_modules.`);
  const { bin } = readJson(manifest);
  const file = typeof bin === "string" ? bin : bin?.[program];
  return file ? join(ROOT, "node_modules", name, file) : fail(`The package "${name}" has no program "${program}".`);
}

/** Runs one command to its end; signals sent to us reach it. Answers its exit code. */
function run(node, [command, ...args]) {
  const entry = findEntry(command);
  const env = {
    // What was compiled and stripped of its types once is not again: a hub is there in a third less time.
    NODE_COMPILE_CACHE: join(ROOT, ".tiffin", "cache", "compile"),
    ...process.env,
    PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ""}`,
  };
  // Entries of ours get a channel, so that they notice when this process is killed.
  const stdio = command.endsWith(".ts") ? ["inherit", "inherit", "inherit", "ipc"] : "inherit";
  const child = spawn(node, ["--disable-warning=ExperimentalWarning", entry, ...args], { env, stdio });
  const forward = (signal) => child.kill(signal);
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, forward);
  return new Promise((done) => {
    child.on("error", (error) => fail(`${node} could not be started: ${error.message}`));
    child.on("exit", (code, signal) => {
      for (const name of signals) process.off(name, forward);
      // As a shell says it: 128 and the signal's number.
      done(code ?? 128 + ({ SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 }[signal] ?? 0));
    });
  });
}

/** Splits `a x --then b y` at `--then`. What npm appends belongs to the last command. */
function splitCommands(words) {
  const commands = [[]];
  for (const word of words) {
    if (word === "--then") commands.push([]);
    else commands.at(-1).push(word);
  }
  return commands;
}

const commands = splitCommands(process.argv.slice(2));
if (commands.some((command) => command.length === 0))
  fail("usage: node deploy/run.mjs ENTRY.ts|PROGRAM [argument…] [--then …]");
install();
const node = findNode();
for (const command of commands) {
  const code = await run(node, command);
  if (code !== 0) process.exit(code);
}
