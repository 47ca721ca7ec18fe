import type { FastifyInstance } from "fastify";
import { Gauge, Histogram, type Registry } from "prom-client";

import type { Gate } from "../gate.ts";

/** How long requests take, by route and status: wall seconds. */
export function measureRequests(app: FastifyInstance, metrics: Registry): void {
  const durations = new Histogram({
    name: "http_request_duration_seconds",
    help: "Wall seconds from the first byte of a request to the last of its answer.",
    labelNames: ["method", "route", "status"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [metrics],
  });
  app.addHook("onResponse", (request, reply, done) => {
    const labels = { method: request.method, route: request.routeOptions.url ?? "none", status: reply.statusCode };
    durations.observe(labels, reply.elapsedTime / 1000);
    done();
  });
}

/** How much is under way at the hub's door, and how much was sent away since the start. */
export function measureGate(gate: Gate, metrics: Registry): void {
  const gauges = [
    { name: "hub_requests_running", help: "Requests under way.", read: () => gate.running },
    {
      name: "hub_requests_refused",
      help: "Requests refused since the start: too many were under way.",
      read: () => gate.refused,
    },
  ];
  for (const { name, help, read } of gauges) {
    const collect = (): void => gauge.set(read());
    const gauge: Gauge = new Gauge({ name, help, registers: [metrics], collect });
  }
}
