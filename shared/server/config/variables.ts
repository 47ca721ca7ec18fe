import { z } from "zod";

/** What several processes are told alike. Every variable carries the sentence that `.env.example` prints above it. */

const port = z.coerce.number().int().min(0).max(65_535);
const milliseconds = z.coerce.number().int().positive();
const redisUrls = z
  .string()
  .transform((text) => text.split(",").map((url) => url.trim()))
  .pipe(z.array(z.url({ protocol: /^rediss?$/u })).min(1));

/** Postgres, the two Redis, and how much is said. */
export const stores = {
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/u }).describe("Postgres 18: the truth."),
  DATABASE_POOL: z.coerce
    .number()
    .int()
    .min(1)
    .max(500)
    .default(20)
    .describe("Connections of one process to Postgres."),
  REDIS_LIVE_URL: redisUrls.describe(
    "Redis 7 for rooms and last positions; several nodes with commas between them are a cluster.",
  ),
  REDIS_QUEUE_URL: z
    .url({ protocol: /^rediss?$/u })
    .describe("Redis 7 for queues, with maxmemory-policy noeviction. May be the same as the live one."),
  LOG_LEVEL: z
    .enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"])
    .default("info")
    .describe("How much is logged, as JSON lines on standard error."),
};

/** The deployment's clock. All absent: wall time. */
export const clock = {
  CLOCK_RATE: z.coerce
    .number()
    .positive()
    .max(1_000)
    .default(1)
    .describe("Deployment seconds in a wall second; 1 outside replays."),
  CLOCK_ORIGIN_MS: z.coerce
    .number()
    .int()
    .optional()
    .describe(
      "Deployment time, epoch milliseconds, at CLOCK_WALL_ORIGIN_MS. Both or neither; the same for every process.",
    ),
  CLOCK_WALL_ORIGIN_MS: z.coerce
    .number()
    .int()
    .optional()
    .describe("Wall time, epoch milliseconds, at which the clock began."),
};

/** What the deployment knows of the ground. */
export const city = {
  CITY_DIR: z
    .string()
    .min(1)
    .optional()
    .describe("Folder of *.city.gz files (npm run city:import): streets, addresses and the map. Absent: no city."),
};

/** The payment provider. Exactly one of the two must be set up, or the process refuses to start. */
export const payments = {
  PAYMENTS: z
    .enum(["stripe", "sandbox"])
    .default("stripe")
    .describe("sandbox: no real money moves, and every screen says so. Never in production."),
  STRIPE_SECRET_KEY: z.string().min(1).optional().describe("The provider's secret key. Needed with PAYMENTS=stripe."),
  STRIPE_PUBLISHABLE_KEY: z
    .string()
    .min(1)
    .optional()
    .describe("The provider's key for browsers. Needed with PAYMENTS=stripe."),
  STRIPE_WEBHOOK_SECRET: z
    .string()
    .min(1)
    .optional()
    .describe("Signs the provider's webhooks. Needed with PAYMENTS=stripe."),
  STRIPE_API_BASE: z
    .url({ protocol: /^https?$/u })
    .optional()
    .describe("Where the sandbox listens. Needed with PAYMENTS=sandbox; absent otherwise."),
};

/** Deadlines of the deployment, in its own time. */
export const deadlines = {
  OFFER_LIFE_MS: milliseconds
    .default(30_000)
    .describe("How long a courier may think about an offer (never less than 15 wall seconds for a person)."),
  CONFIRM_WITHIN_MS: milliseconds
    .default(300_000)
    .describe("A restaurant that has not answered by then has rejected the order."),
  PAY_WITHIN_MS: milliseconds.default(900_000).describe("An order that is unpaid by then is cancelled."),
  CONCLUDE_AFTER_MS: milliseconds
    .default(3_600_000)
    .describe("From the hand-over to the conclusion of an order: the time for tips and complaints."),
};

/** How a hub is reached. */
export const listening = {
  HUB_HOST: z
    .string()
    .min(1)
    .default("127.0.0.1")
    .describe("The address on which the hub listens; 0.0.0.0 in a container."),
  HUB_PORT: port.default(3000).describe("0 takes a free port and prints it."),
  HUB_ROLE: z
    .enum(["api", "realtime", "all"])
    .default("all")
    .describe("api: REST alone. realtime: sockets alone, so that deploying REST drops none. all: both."),
  LEAVE_AFTER_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(5_000)
    .default(0)
    .describe(
      "Told to end, a hub says so at /readyz and goes on taking work for so long: what stands before the hubs needs as much to notice.",
    ),
  JWT_SECRET: z
    .string()
    .min(32)
    .describe(
      "Signs access tokens; 32 characters or more, the same for every hub. For instance: openssl rand -base64 48",
    ),
  PUBLIC_ORIGINS: z
    .string()
    .default("")
    .transform((text) =>
      text
        .split(",")
        .map((origin) => origin.trim())
        .filter((origin) => origin !== ""),
    )
    .describe(
      "Origins with commas between them, whose pages may call the hub and open sockets. Empty: the hub's own alone.",
    ),
  REQUESTS_PER_MINUTE: z.coerce
    .number()
    .int()
    .min(1)
    .default(1_200)
    .describe("REST requests of one person, or of one address without a session, that one hub answers in a minute."),
  REQUESTS_AT_ONCE: z.coerce
    .number()
    .int()
    .min(4)
    .default(256)
    .describe(
      "Requests that one hub has under way at a time, by REST and sockets together; beyond, `hub.overloaded`. As many as it answers in two seconds.",
    ),
  SOCKETS_AT_MOST: z.coerce
    .number()
    .int()
    .min(1)
    .default(18_000)
    .describe("Sockets of one hub; more are sent to another. Below what the system gives a process in open files."),
  SOCKETS_PER_ADDRESS: z.coerce
    .number()
    .int()
    .min(1)
    .default(2_000)
    .describe("Sockets that one address may have at one hub: a whole office, not a flood."),
  SOCKETS_PER_PERSON: z.coerce
    .number()
    .int()
    .min(1)
    .default(24)
    .describe("Sockets that one person may have at one hub."),
  SIGN_INS_PER_MINUTE: z.coerce
    .number()
    .int()
    .min(1)
    .default(60)
    .describe(
      "Sign-ins and registrations of one address that one hub answers in a minute; each costs a password hash.",
    ),
  PASSWORD_HASH: z
    .enum(["strong", "low"])
    .default("strong")
    .describe(
      "What a password hash costs. low: next to nothing, for simulated people by the hundred; with PAYMENTS=sandbox alone.",
    ),
  CLIENT_DIST: z
    .string()
    .min(1)
    .optional()
    .describe("Folder with web/dist and courier/dist, served by the hub; the project's clients folder by default."),
};

interface PaymentSettings {
  readonly PAYMENTS: "stripe" | "sandbox";
  readonly STRIPE_SECRET_KEY?: string | undefined;
  readonly STRIPE_PUBLISHABLE_KEY?: string | undefined;
  readonly STRIPE_WEBHOOK_SECRET?: string | undefined;
  readonly STRIPE_API_BASE?: string | undefined;
}

/** Refuses a process that could not take money: with the sandbox its address, without it every key. [CFG2] */
export function checkPayments(settings: PaymentSettings, context: z.RefinementCtx): void {
  const need = (name: keyof PaymentSettings, why: string): void => {
    if (settings[name] === undefined) context.addIssue({ code: "custom", path: [name], message: why });
  };
  need("STRIPE_SECRET_KEY", "needed to take payments (PAYMENTS=sandbox takes none that are real)");
  need("STRIPE_WEBHOOK_SECRET", "needed to trust the provider's webhooks");
  if (settings.PAYMENTS === "sandbox") return need("STRIPE_API_BASE", "needed with PAYMENTS=sandbox");
  need("STRIPE_PUBLISHABLE_KEY", "needed by the pages that take a card");
  if (settings.STRIPE_API_BASE !== undefined) {
    context.addIssue({ code: "custom", path: ["STRIPE_API_BASE"], message: "is for PAYMENTS=sandbox alone" });
  }
}

/** Refuses cheap password hashes where real money moves. [CFG8] */
export function checkPasswords(
  settings: { readonly PASSWORD_HASH: "strong" | "low"; readonly PAYMENTS: PaymentSettings["PAYMENTS"] },
  context: z.RefinementCtx,
): void {
  if (settings.PASSWORD_HASH === "low" && settings.PAYMENTS !== "sandbox") {
    context.addIssue({ code: "custom", path: ["PASSWORD_HASH"], message: "low is for PAYMENTS=sandbox alone" });
  }
}

/** The clock's two origins belong together. [CFG3] */
export function checkClock(
  settings: {
    readonly CLOCK_ORIGIN_MS?: number | undefined;
    readonly CLOCK_WALL_ORIGIN_MS?: number | undefined;
    readonly CLOCK_RATE: number;
  },
  context: z.RefinementCtx,
): void {
  const origins = [settings.CLOCK_ORIGIN_MS, settings.CLOCK_WALL_ORIGIN_MS].filter((origin) => origin !== undefined);
  if (origins.length === 1 || (origins.length === 0 && settings.CLOCK_RATE !== 1)) {
    context.addIssue({
      code: "custom",
      path: ["CLOCK_ORIGIN_MS"],
      message: "a clock that is not wall time needs both CLOCK_ORIGIN_MS and CLOCK_WALL_ORIGIN_MS",
    });
  }
}
