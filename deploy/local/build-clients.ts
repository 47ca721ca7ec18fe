import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { PROJECT } from "./folders.ts";
import { runTool } from "./run-tool.ts";

const CLIENTS = ["web", "courier"] as const;
/** What a client's bundle is made of. */
const SOURCES = ["clients", "shared/lib", "shared/contracts", "shared/domain", "shared/client"];

/** The folder that a hub serves clients from. */
export const CLIENT_DIST = join(PROJECT, "clients");

/**
 * Builds the clients, unless they were built from exactly these sources already.
 *
 * @throws {Error} with the bundler's words when a client does not build
 */
export async function buildClients(tell: (sentence: string) => void): Promise<void> {
  const fingerprint = fingerprintOfSources();
  for (const client of CLIENTS) {
    const marker = join(CLIENT_DIST, client, "dist", ".built-from");
    if (existsSync(marker) && readFileSync(marker, "utf8") === fingerprint) continue;
    tell(`building the ${client} client`);
    const run = await runTool("vite", ["build", "--config", `clients/${client}/vite.config.ts`, "--logLevel", "warn"]);
    if (run.code !== 0) throw new Error(`the ${client} client does not build:\n${run.output.trim()}`);
    writeFileSync(marker, fingerprint);
  }
}

/** Changes when any file of the sources or any installed version does. */
function fingerprintOfSources(): string {
  const hash = createHash("sha256").update(readFileSync(join(PROJECT, "package-lock.json")));
  for (const folder of SOURCES) {
    const names = readdirSync(join(PROJECT, folder), { recursive: true, encoding: "utf8" });
    for (const name of names.toSorted()) {
      if (/(^|[/\\])dist([/\\]|$)/u.test(name) || !/\.\w+$/u.test(name)) continue;
      hash.update(name).update(readFileSync(join(PROJECT, folder, name)));
    }
  }
  return hash.digest("hex");
}
