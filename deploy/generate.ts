/** `npm run generate`: brings the files that are written from code up to date. */
import { writeStaleFiles } from "./generated-files.ts";

const written = writeStaleFiles();
process.stdout.write(written.length === 0 ? "All generated files are current.\n" : `Written: ${written.join(", ")}\n`);
