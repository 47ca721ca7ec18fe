import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const OLDEST_MAJOR = 7;
/** What redis-server needs on Debian and Ubuntu beyond the C library. */
const PACKAGES = ["redis-server", "redis-tools", "libjemalloc2", "liblzf1", "libatomic1"];
const NONE =
  "There is no Redis 7 or newer on this machine and none could be fetched: set REDIS_LIVE_URL and REDIS_QUEUE_URL, or " +
  'install one ("apt-get install redis-server", "brew install redis", or "docker run -p 6379:6379 redis:7").';

/** A Redis server program and the environment it needs. */
export interface RedisBinary {
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Finds a Redis (or Valkey) server of version 7 or newer: on `path`, else in `cacheDir`, else fetched into `cacheDir`
 * from the packages of Debian or Ubuntu, without becoming root.
 *
 * @throws {Error} one sentence with what to install
 */
export async function findRedis(cacheDir: string, path: string | undefined): Promise<RedisBinary> {
  for (const folder of (path ?? "").split(delimiter)) {
    for (const name of ["redis-server", "valkey-server"]) {
      const binary = { command: join(folder, name), env: {} };
      if (folder !== "" && isNewEnough(binary)) return binary;
    }
  }
  const kept = join(cacheDir, "redis");
  if (isNewEnough(inFolder(kept))) return inFolder(kept);
  try {
    await fetchPackages(cacheDir, kept);
  } catch (error) {
    throw new Error(NONE, { cause: error });
  }
  if (!isNewEnough(inFolder(kept))) throw new Error(NONE);
  return inFolder(kept);
}

/** The server that was unpacked into `folder`, with the libraries beside it. */
function inFolder(folder: string): RedisBinary {
  const lib = join(folder, "usr/lib");
  const triplets = existsSync(lib) ? readdirSync(lib).filter((name) => name.includes("-linux-")) : [];
  const paths = [lib, ...triplets.map((name) => join(lib, name))];
  return { command: join(folder, "usr/bin/redis-server"), env: { LD_LIBRARY_PATH: paths.join(delimiter) } };
}

function isNewEnough(binary: RedisBinary): boolean {
  if (!existsSync(binary.command)) return false;
  try {
    const words = execFileSync(binary.command, ["--version"], {
      encoding: "utf8",
      env: { ...process.env, ...binary.env },
      stdio: ["ignore", "pipe", "ignore"],
    });
    return Number(/\bv=(\d+)/u.exec(words)?.[1] ?? 0) >= OLDEST_MAJOR;
  } catch {
    return false;
  }
}

/** Two may fetch at once: each works in a folder of its own, and the first to finish puts it in place. */
async function fetchPackages(cacheDir: string, into: string): Promise<void> {
  mkdirSync(cacheDir, { recursive: true });
  const work = mkdtempSync(join(cacheDir, "fetch-"));
  try {
    for (const folder of ["lists/partial", "archives/partial", "packages", "root"]) {
      mkdirSync(join(work, folder), { recursive: true });
    }
    writeFileSync(join(work, "status"), "");
    const own = [
      ["Dir::State", work],
      ["Dir::State::lists", join(work, "lists")],
      ["Dir::State::status", join(work, "status")],
      ["Dir::Cache", work],
      ["APT::Sandbox::User", ""],
      ["Acquire::Languages", "none"],
      ["Acquire::Retries", "2"],
    ].flatMap(([name, value]) => ["-o", `${name}=${value}`]);
    await run("apt-get", [...own, "-qq", "update"]);
    await run("apt-get", [...own, "-qq", "download", ...PACKAGES], { cwd: join(work, "packages") });
    for (const file of readdirSync(join(work, "packages"))) {
      await run("dpkg", ["-x", join(work, "packages", file), join(work, "root")]);
    }
    if (!existsSync(into)) renameSync(join(work, "root"), into);
  } catch (error) {
    if (!existsSync(into)) throw error;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
