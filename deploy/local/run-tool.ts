import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { PROJECT } from "./folders.ts";

/** What a tool said and how it ended. */
export interface ToolRun {
  readonly code: number;
  readonly output: string;
}

export interface ToolOptions {
  /** Shows the output as it comes, besides keeping it. */
  readonly show?: boolean;
  /** Told every line that it prints, besides keeping it. */
  readonly onLine?: (line: string) => void;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs a program of an installed package ("vite", or "typescript/tsc" for a program that is not called like its
 * package) at the top of the project, on the Node that runs us.
 */
export async function runTool(tool: string, args: readonly string[], options: ToolOptions = {}): Promise<ToolRun> {
  const [name, program] = [tool.split("/")[0] ?? tool, tool.split("/").at(-1) ?? tool];
  const folder = join(PROJECT, "node_modules", name);
  // Cast: npm's own file; a package that has programs says so here.
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    bin: string | Readonly<Record<string, string>>;
  };
  const file = typeof bin === "string" ? bin : bin[program];
  if (file === undefined) throw new Error(`the package "${name}" has no program "${program}"`);
  return await runNode([join(folder, file), ...args], options);
}

/** Runs Node with these arguments at the top of the project. */
export async function runNode(args: readonly string[], options: ToolOptions = {}): Promise<ToolRun> {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...args], {
    cwd: PROJECT,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const hear = (chunk: Buffer): void => {
    output += chunk.toString();
    if (options.show === true) process.stdout.write(chunk);
  };
  child.stdout.on("data", hear);
  if (options.onLine) createInterface(child.stdout).on("line", options.onLine);
  child.stderr.on("data", hear);
  const code = await new Promise<number>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve(status ?? 1));
  });
  return { code, output };
}
