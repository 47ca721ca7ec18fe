/** For tests: a launcher of its own process, to be killed. `node testing-launcher.ts FOLDER stop|stay` */
import { join } from "node:path";

import { startPostgres } from "./postgres.ts";

const [folder = "", then = "stop"] = process.argv.slice(2);
try {
  const server = await startPostgres({ dataDir: join(folder, "pg") });
  process.stdout.write(`ready ${server.pid}\n`);
  if (then === "stop") await server.stop();
  else setInterval(() => {}, 60_000);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
