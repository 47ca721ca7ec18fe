/**
 * `npm test`: every tier, or what the arguments choose (they go to vitest). Says what was skipped; its last line counts.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ensureChromium } from "./local/chromium.ts";
import { PROJECT } from "./local/folders.ts";
import { ensurePythonSocketIo } from "./local/python-socketio.ts";
import { runTool } from "./local/run-tool.ts";
import { summarise } from "./test-summary.ts";
import type { TestReport } from "./test-summary.ts";

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const args = process.argv.slice(2);
const isWhole = args.length === 0;

const chromium = isWhole || args.includes("journey") ? ensureChromium(print) : undefined;
const python = isWhole || args.includes("store") ? ensurePythonSocketIo(print) : undefined;
const folder = mkdtempSync(join(tmpdir(), "tiffin-test-"));
const file = join(folder, "report.json");
const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
const run = await runTool("vitest", ["run", ...reporters, ...args], {
  show: true,
  env: chromium === undefined ? {} : { CHROMIUM: chromium },
});

// Cast: vitest's own report; a run that broke before any test writes none.
const report = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as TestReport) : undefined;
rmSync(folder, { recursive: true, force: true });
const { passed, failed, skipped } = report === undefined ? { passed: 0, failed: 1, skipped: [] } : summarise(report);
if (skipped.length > 0) {
  print("\nSkipped:");
  for (const name of skipped) print(`  ${name}`);
  if (isWhole && chromium === undefined) print('Journeys in a browser need Chromium ("apt-get install chromium").');
  if (isWhole && python === undefined)
    print(
      'The test with another Socket.IO client needs it ("apt-get install python3-socketio python3-websocket python3-requests").',
    );
  if (!existsSync(join(PROJECT, "../shared/data"))) print("Tests on real data need it in ../shared/data.");
}
// A failure that no test shows (a file that does not load, an error after the tests) is a failure all the same.
const hidden = run.code !== 0 && failed === 0 ? 1 : 0;
process.exitCode = run.code;
print(`\n${passed} passed, ${failed + hidden} failed, ${skipped.length} skipped`);
