/** `npm run check` without the tests: everything that can be known of the code without running it. */
import { FOLDERS } from "./folders-of-code.ts";
import { staleFiles } from "./generated-files.ts";
import { runNode, runTool } from "./local/run-tool.ts";
import type { ToolRun } from "./local/run-tool.ts";

const generated = async (): Promise<ToolRun> => {
  const stale = staleFiles();
  return { code: stale.length, output: `not current: ${stale.join(", ")}; run "npm run generate"` };
};

const CHECKS: readonly (readonly [string, () => Promise<ToolRun>])[] = [
  ["generated files", generated],
  ["format", () => runTool("oxfmt", ["--check", ...FOLDERS])],
  ["lint", () => runTool("oxlint", ["--type-aware", ...FOLDERS])],
  ["types", () => runTool("typescript/tsc", ["-p", "."])],
  ["types of what is pure", () => runTool("typescript/tsc", ["-p", "shared"])],
  ["types of the clients", () => runTool("typescript/tsc", ["-p", "clients"])],
  ["boundaries", () => runNode(["deploy/boundaries.ts"])],
  ["dead code", () => runTool("knip", [])],
];

let failed = 0;
for (const [name, check] of CHECKS) {
  const beganAtMs = performance.now();
  const { code, output } = await check();
  const took = `${((performance.now() - beganAtMs) / 1000).toFixed(1)} s`;
  process.stdout.write(`${code === 0 ? "ok    " : "FAILED"} ${name} (${took})\n`);
  if (code === 0) continue;
  failed += 1;
  process.stdout.write(`${output.trim()}\n\n`);
}
process.exitCode = failed === 0 ? 0 : 1;
