import { execFile, spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { request, runReceiver } from "./harness.ts";

const SECRET_KEY = "sk_test_sandbox_process";

interface Process extends AsyncDisposable {
  readonly url: string;
  readonly child: ChildProcessWithoutNullStreams;
}

async function runProcess(dir: string, env: Record<string, string> = {}): Promise<Process> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "main.ts")], {
    env: {
      SANDBOX_PORT: "0",
      SANDBOX_DIR: dir,
      SANDBOX_SECRET_KEY: SECRET_KEY,
      SANDBOX_PUBLISHABLE_KEY: "pk_test_sandbox_process",
      SANDBOX_WEBHOOK_SECRET: "whsec_sandbox_process",
      ...env,
    },
  });
  const [line] = await once(createInterface(child.stdout), "line");
  // Cast: this line is the process's promise to whoever starts it.
  const { ready, port } = JSON.parse(String(line)) as { ready: boolean; port: number };
  expect(ready).toBe(true);
  return {
    child,
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGTERM");
        await once(child, "exit");
      }
    },
  };
}

const call = (url: string, route: string, form = "", headers: Record<string, string> = {}) =>
  request(url, route, form, { authorization: `Bearer ${SECRET_KEY}`, ...headers });

test("[PAY13] killed in the middle of traffic, it loses nothing that it answered, and every event arrives", async () => {
  const dir = mkdtempSync(join(tmpdir(), "sandbox-"));
  await using receiver = await runReceiver();
  const env = { SANDBOX_WEBHOOK_URLS: receiver.url };
  const answered = new Map<string, string>();
  {
    await using first = await runProcess(dir, env);
    const customer = async (name: number) => {
      for (let at = 0; ; at += 1) {
        const key = `${name}-${at}`;
        const made = await call(first.url, "POST /v1/payment_intents", "amount=500&currency=eur", {
          "idempotency-key": key,
        });
        answered.set(key, made.text);
        if (answered.size === 300) first.child.kill("SIGKILL");
      }
    };
    // Each customer goes on until the killed process refuses its connection.
    const ends = await Promise.allSettled([1, 2, 3, 4, 5, 6, 7, 8].map(customer));
    expect(ends.every(({ status }) => status === "rejected")).toBe(true);
  }
  expect(answered.size).toBeGreaterThanOrEqual(300);
  await using second = await runProcess(dir, env);
  for (const [key, text] of answered) {
    const again = await call(second.url, "POST /v1/payment_intents", "amount=500&currency=eur", {
      "idempotency-key": key,
    });
    expect(again.text).toBe(text);
  }
  // Cast: every answer above is an intent.
  const ids = [...answered.values()].map((text) => (JSON.parse(text) as { id: string }).id);
  await receiver.until((hooks) => {
    const heard = new Set(hooks.map(({ event }) => event.data.object["id"]));
    return ids.every((id) => heard.has(id));
  });
  rmSync(dir, { recursive: true });
});

test("[PAY13] SIGTERM ends it with 0; a port in use and a missing setting are one clear sentence", async () => {
  const dir = mkdtempSync(join(tmpdir(), "sandbox-"));
  {
    await using running = await runProcess(dir);
    const taken = spawnFailing({ SANDBOX_DIR: join(dir, "other"), SANDBOX_PORT: new URL(running.url).port });
    await expect(taken).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^The payment sandbox cannot start: .*EADDRINUSE.*\n$/),
    });
    await expect(spawnFailing({})).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining("SANDBOX_DIR") });
    running.child.kill("SIGTERM");
    expect(await once(running.child, "exit")).toEqual([0, null]);
  }
  rmSync(dir, { recursive: true });
});

function spawnFailing(env: Record<string, string>): Promise<unknown> {
  const base = {
    SANDBOX_SECRET_KEY: SECRET_KEY,
    SANDBOX_PUBLISHABLE_KEY: "pk_test_other",
    SANDBOX_WEBHOOK_SECRET: "whsec_other",
  };
  return promisify(execFile)(process.execPath, [join(import.meta.dirname, "main.ts")], { env: { ...base, ...env } });
}

const cli = stripeCli();

test.skipIf(cli === undefined)("[PAY16] Stripe's own command line holds, captures and refunds a payment", async () => {
  const dir = mkdtempSync(join(tmpdir(), "sandbox-"));
  await using running = await runProcess(join(dir, "journal"));
  const stripe = async (...args: string[]) => {
    const { stdout } = await promisify(execFile)(
      cli ?? "",
      [...args, "--api-base", running.url, "--api-key", SECRET_KEY],
      {
        env: { HOME: dir, XDG_CONFIG_HOME: dir, STRIPE_CLI_TELEMETRY_OPTOUT: "1" },
      },
    );
    // Cast: the command line prints the API's answer, a JSON object.
    return JSON.parse(stdout) as Record<string, unknown>;
  };
  const made = await stripe(
    "payment_intents",
    "create",
    "--amount",
    "2000",
    "--currency",
    "usd",
    "--capture-method",
    "manual",
  );
  expect(made).toMatchObject({ object: "payment_intent", status: "requires_payment_method" });
  const id = String(made["id"]);
  const back = ["--return-url", "https://example.com"];
  const held = await stripe("payment_intents", "confirm", id, "--payment-method", "pm_card_visa", ...back);
  expect(held).toMatchObject({ status: "requires_capture", amount_capturable: 2_000 });
  const taken = await stripe("payment_intents", "capture", id, "--amount-to-capture", "1500");
  expect(taken).toMatchObject({ status: "succeeded", amount_received: 1_500 });
  const refund = await stripe("refunds", "create", "--payment-intent", id, "--amount", "400");
  expect(refund).toMatchObject({ object: "refund", amount: 400, status: "succeeded" });
  const shown = await stripe("get", `/v1/payment_intents/${id}`, "-d", "expand[]=latest_charge");
  expect(shown["latest_charge"]).toMatchObject({ amount_captured: 1_500, amount_refunded: 900 });
  rmSync(dir, { recursive: true });
});

/** The optional package exists for this platform only where npm installed it. */
function stripeCli(): string | undefined {
  try {
    const manifest = createRequire(import.meta.url).resolve("@stripe/cli-linux-x64/package.json");
    return join(dirname(manifest), "bin", "stripe");
  } catch {
    return undefined;
  }
}
