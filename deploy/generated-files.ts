import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { envExample } from "#shared/server/config/env-example.ts";

import { PROJECT } from "./local/folders.ts";

/** Files that are written from code, by their path from the top of the project. */
const GENERATED: Readonly<Record<string, () => string>> = {
  ".env.example": envExample,
};

/** Paths of generated files that are not what the code says now. */
export function staleFiles(): string[] {
  return Object.entries(GENERATED)
    .filter(([path, text]) => !existsSync(join(PROJECT, path)) || readFileSync(join(PROJECT, path), "utf8") !== text())
    .map(([path]) => path);
}

/** Writes the generated files that are not current and answers their paths. */
export function writeStaleFiles(): string[] {
  const stale = staleFiles();
  for (const path of stale) writeFileSync(join(PROJECT, path), GENERATED[path]?.() ?? "");
  return stale;
}
