import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

import { z } from "zod";

import { stoppable } from "../stoppable.ts";

export interface Bench<Asked> {
  /** Of its temporary folder. */
  readonly name: string;
  readonly usage: string;
  /** An object of settings by name, each given as text; `json` names the file that figures are written to. */
  readonly args: z.ZodObject & z.ZodType<Asked>;
}

/** What is going on, beside the figures. */
export function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

/**
 * A benchmark that brings up processes of its own, from its arguments to its exit code: figures as JSON on standard output and in
 * the file that `--json` names.
 *
 * @param isGood whether the figures show nothing wrong
 * @returns 0; 1 when something was wrong; 2 when it was asked wrongly; 130 when it was stopped
 */
export async function runBench<Asked extends { readonly json?: string | undefined }, Figures extends object>(
  { name, usage, args }: Bench<Asked>,
  measure: (asked: Asked, dir: string, signal: AbortSignal) => Promise<Figures>,
  isGood: (figures: Figures, asked: Asked) => boolean = () => true,
): Promise<number> {
  const asked = argsFrom(args);
  if (typeof asked === "string") {
    say(`${asked}\n${usage}`);
    return 2;
  }
  return await stoppable({ name }, async (dir, signal) => {
    const figures = await measure(asked, dir, signal);
    const text = `${JSON.stringify(figures, null, 2)}\n`;
    process.stdout.write(text);
    if (asked.json !== undefined) writeFileSync(asked.json, text);
    return isGood(figures, asked) ? 0 : 1;
  });
}

/** What was asked for, or what is wrong with it. */
function argsFrom<Asked>(args: Bench<Asked>["args"]): Asked | string {
  const options = Object.fromEntries(Object.keys(args.shape).map((name) => [name, { type: "string" as const }]));
  try {
    const parsed = args.safeParse(parseArgs({ options }).values);
    return parsed.success ? parsed.data : z.prettifyError(parsed.error);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
