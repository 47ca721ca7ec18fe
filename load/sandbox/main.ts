import { z } from "zod";
import { startSandbox } from "./start.ts";

const settings = z.object({
  SANDBOX_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  SANDBOX_HOST: z.string().default("127.0.0.1"),
  SANDBOX_DIR: z.string().min(1),
  SANDBOX_SECRET_KEY: z.string().min(8),
  SANDBOX_PUBLISHABLE_KEY: z.string().min(8),
  SANDBOX_WEBHOOK_URLS: z.string().default(""),
  SANDBOX_WEBHOOK_EVENTS: z.string().default("*"),
  SANDBOX_WEBHOOK_SECRET: z.string().min(8),
});

const parsed = settings.safeParse(process.env);
if (!parsed.success) {
  process.stderr.write(`The payment sandbox cannot start:\n${z.prettifyError(parsed.error)}\n`);
  process.exit(2);
}
const env = parsed.data;
const sandbox = await startSandbox({
  port: env.SANDBOX_PORT,
  host: env.SANDBOX_HOST,
  dir: env.SANDBOX_DIR,
  secretKey: env.SANDBOX_SECRET_KEY,
  publishableKey: env.SANDBOX_PUBLISHABLE_KEY,
  webhookUrls: named(env.SANDBOX_WEBHOOK_URLS),
  webhookEvents: named(env.SANDBOX_WEBHOOK_EVENTS),
  webhookSecret: env.SANDBOX_WEBHOOK_SECRET,
}).catch((error: unknown) => {
  process.stderr.write(`The payment sandbox cannot start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
process.stdout.write(`${JSON.stringify({ ready: true, port: sandbox.port })}\n`);
for (const signal of ["SIGTERM", "SIGINT"] as const)
  process.once(signal, () => {
    void sandbox.stop().then(() => process.exit(0));
  });

function named(list: string): string[] {
  return list.split(",").filter(Boolean);
}
