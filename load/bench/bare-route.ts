import { randomBytes, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";

import fastify from "fastify";
import postgres from "postgres";

import { uuidV7 } from "#shared/lib/uuid.ts";

/**
 * What an order costs at the least: a Fastify route without accounts, rights, forms or prices, that inserts the rows of one
 * order in one transaction. The rows are those that the platform itself wrote for an order just before (BARE_ROWS), under
 * new ids; the answer is that order's answer.
 */
type Row = Record<string, postgres.SerializableParameter>;

const env = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
};
// Cast: written by checkout.ts from the store's own rows.
const template = JSON.parse(readFileSync(env("BARE_ROWS"), "utf8")) as Record<
  "idempotency" | "order" | "payment" | "head" | "event",
  Row
> & { readonly lines: readonly Row[]; readonly answer: unknown };

const sql = postgres(env("DATABASE_URL"), { max: Number(env("DATABASE_POOL")), onnotice: () => {} });
const app = fastify();

app.post("/orders", async () => {
  const orderId = uuidV7(Date.now(), randomBytes(10));
  await sql.begin(async (tx) => {
    const insert = async (table: string, row: Row): Promise<void> => {
      await tx`insert into ${tx(table)} ${tx(row)}`;
    };
    await insert("idempotency_keys", { ...template.idempotency, key: randomUUID() });
    await insert("orders", { ...template.order, id: orderId });
    for (const line of template.lines) await insert("order_lines", { ...line, order_id: orderId });
    await insert("payments", { ...template.payment, order_id: orderId });
    await insert("stream_heads", { ...template.head, owner_id: orderId });
    await insert("order_events", { ...template.event, id: uuidV7(Date.now(), randomBytes(10)), order_id: orderId });
  });
  return template.answer;
});

await app.listen({ host: "127.0.0.1", port: Number(env("BARE_PORT")) });
// Cast: a listening TCP server has an address of this form.
const { port } = app.server.address() as AddressInfo;
process.stdout.write(`${JSON.stringify({ ready: true, port })}\n`);
process.once("SIGTERM", () => void app.close().then(() => sql.end({ timeout: 5 })));
