import { runVerdict } from "./verdict.ts";

process.exitCode = await runVerdict(process.argv.slice(2), (text) => void process.stdout.write(`${text}\n`));
