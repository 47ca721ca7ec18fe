/** `npm run dispatch:replay -- (--decision ID | --all) [--database URL]`: decides kept rounds again and compares, bit for bit. */
import { runReplay } from "./replay-decisions.ts";

process.exitCode = await runReplay(process.argv.slice(2), (text) => void process.stdout.write(`${text}\n`));
