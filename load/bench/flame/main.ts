import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { z } from "zod";

import { drawFlame } from "./draw.ts";
import { sharesOf, stacksOf } from "./fold.ts";
import { processesOf, record } from "./record.ts";

const USAGE =
  "npm run flame -- [--match hub/main.ts] [--seconds 20] [--title TEXT] --out FILE.svg\n" +
  "Looks at processes that run already, started with NODE_OPTIONS=--perf-basic-prof, so that their functions have names.";

const flameArgs = z.object({
  match: z.string().min(1).default("hub/main.ts"),
  seconds: z.coerce.number().min(1).max(600).default(20),
  title: z.string().optional(),
  out: z.string().min(1),
});

/**
 * Where the processors' time of running processes goes, their own code, libraries, the collector's threads and the kernel together, as a
 * flame graph; and the shares by kind as JSON on standard output. Needs Linux' `perf` (Debian: linux-perf) and the right to use it.
 *
 * @returns the exit code: 2 when it was asked wrongly, 1 when there is nothing to look at
 */
function main(): number {
  const options = Object.fromEntries(Object.keys(flameArgs.shape).map((name) => [name, { type: "string" as const }]));
  let asked: z.output<typeof flameArgs>;
  try {
    asked = flameArgs.parse(parseArgs({ options }).values);
  } catch (error) {
    process.stderr.write(`${error instanceof z.ZodError ? z.prettifyError(error) : String(error)}\n${USAGE}\n`);
    return 2;
  }
  const pids = processesOf(asked.match);
  if (pids.length === 0) {
    process.stderr.write(`no process runs "${asked.match}"; start what is to be looked at first\n`);
    return 1;
  }
  process.stderr.write(`${pids.length} processes for ${asked.seconds} s\n`);
  const dir = mkdtempSync(join(tmpdir(), "tiffin-flame-"));
  try {
    const stacks = stacksOf(record(pids, asked.seconds, dir));
    const shares = sharesOf(stacks);
    writeFileSync(asked.out, drawFlame(stacks, asked.title ?? `${asked.match}, ${asked.seconds} s`));
    process.stdout.write(`${JSON.stringify(shares, null, 2)}\n`);
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

process.exitCode = main();
