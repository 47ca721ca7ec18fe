import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Writes a file beside itself and then puts it in its place: whoever reads it, also after a kill, finds what was there before
 * or this, never half of it.
 *
 * @param mode of a new file, for the owner's eyes alone or for all
 */
export function writeWhole(file: string, content: string | Uint8Array, mode: 0o600 | 0o644 = 0o644): void {
  mkdirSync(dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}.unfinished`;
  try {
    writeFileSync(unfinished, content, { mode, flush: true });
    renameSync(unfinished, file);
  } finally {
    rmSync(unfinished, { force: true });
  }
}
