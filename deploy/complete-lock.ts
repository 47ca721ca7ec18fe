/**
 * Adds to package-lock.json the optional builds for other platforms that npm left out because its registry could not
 * tell about them when the lock was made. npm 11 refuses a lock without them, on every platform. Run it after every
 * `npm install` that changes the lock. What it adds has no integrity, so it changes nothing for the platforms that the
 * lock already covers.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { PROJECT } from "./local/folders.ts";

interface LockEntry {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly cpu?: readonly string[];
  readonly os?: readonly string[];
  readonly libc?: readonly string[];
}

const OSES = ["android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"];
const CPUS = ["arm64", "arm", "x64", "ia32", "ppc64", "riscv64", "s390x", "loong64"];

/** What a build's name says about where it runs, in the lock's own fields; undefined when it says nothing. */
function platformOf(name: string): { cpu: string[]; os: string[]; libc?: string[] } | undefined {
  const words = (name.split("/").at(-1) ?? "").split("-");
  const [os, cpu] = [OSES.find((each) => words.includes(each)), CPUS.find((each) => words.includes(each))];
  if (os === undefined || cpu === undefined) return undefined;
  const libc = words.includes("musl") ? { libc: ["musl"] } : {};
  return { cpu: [cpu], ...(words.includes("gnu") ? { libc: ["glibc"] } : libc), os: [os] };
}

const file = join(PROJECT, "package-lock.json");
// Cast: npm's own file; the fields that are read are those of lock version 3.
const lock = JSON.parse(readFileSync(file, "utf8")) as { packages: Record<string, LockEntry> };
const added: string[] = [];
for (const entry of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const path = `node_modules/${name}`;
    const platform = platformOf(name);
    if (path in lock.packages || platform === undefined || !/^\d/u.test(version)) continue;
    const dev = entry.dev === true ? { dev: true } : {};
    const { os, cpu, ...libc } = platform;
    // In the order of npm's own hand, so that its next write changes nothing.
    lock.packages[path] = { version, cpu, ...dev, ...libc, optional: true, os };
    added.push(`${name}@${version}`);
  }
}
const sorted = Object.fromEntries(Object.entries(lock.packages).toSorted(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify({ ...lock, packages: sorted }, undefined, 2)}\n`);
process.stdout.write(`${added.length} builds for other platforms were added to package-lock.json\n`);
