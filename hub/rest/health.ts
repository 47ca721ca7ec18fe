import type { FastifyInstance } from "fastify";
import type { Registry } from "prom-client";

export interface HealthDeps {
  /** Each rejects while the part that it is named for does not answer. */
  readonly checks: Readonly<Record<string, () => Promise<unknown>>>;
  /** True from the moment the process was told to end. */
  readonly draining: () => boolean;
  readonly metrics: Registry;
}

/** Wall ms that a part has to answer. */
const PATIENCE_MS = 2_000;

/** `/healthz`: the process runs. `/readyz`: send it traffic. `/metrics`: numbers for Prometheus. [API11, API12] */
export function healthRoutes(app: FastifyInstance, deps: HealthDeps): void {
  app.get("/healthz", () => ({ ok: true }));

  app.get("/readyz", async (_request, reply) => {
    const names = Object.keys(deps.checks);
    const outcomes = await Promise.all(Object.values(deps.checks).map((check) => answers(check)));
    const parts = Object.fromEntries(names.map((name, at) => [name, outcomes[at] === true]));
    const ready = !deps.draining() && outcomes.every(Boolean);
    return reply.status(ready ? 200 : 503).send({ ready, draining: deps.draining(), parts });
  });

  app.get("/metrics", async (_request, reply) => {
    return reply.type(deps.metrics.contentType).send(await deps.metrics.metrics());
  });
}

async function answers(check: () => Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), PATIENCE_MS);
  });
  const said = check().then(
    () => true,
    () => false,
  );
  const outcome = await Promise.race([said, late]);
  clearTimeout(timer);
  return outcome;
}
