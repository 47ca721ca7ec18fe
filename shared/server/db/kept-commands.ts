import { createHash } from "node:crypto";

import { and, eq } from "drizzle-orm";

import { idempotencyKeys } from "#drizzle/schema/jobs.ts";
import type { CommandName } from "#shared/contracts/catalogue/catalogue.ts";
import { Refusal } from "#shared/contracts/errors.ts";

import type { Tx } from "./connect.ts";
import { Statement } from "./statement.ts";

export interface PersonCommand {
  readonly personId: string;
  readonly key: string | undefined;
  readonly name: CommandName;
  readonly input: unknown;
}

/** @throws {Refusal} `payload.invalid` */
export function keyOf({ key }: PersonCommand): string {
  if (key === undefined) throw new Refusal("payload.invalid", "a command needs an idempotency key");
  return key;
}

/** Tells a command from another one with the same key. */
export function hashOf({ name, input }: PersonCommand): string {
  return createHash("sha256")
    .update(JSON.stringify([name, input]))
    .digest("base64");
}

/** What the store has kept of a command, if it was carried out. */
export async function storedCommand(tx: Tx, personId: string, key: string) {
  const [row] = await tx
    .select()
    .from(idempotencyKeys)
    .where(and(eq(idempotencyKeys.personId, personId), eq(idempotencyKeys.key, key)));
  return row;
}

const KEEP = `insert into idempotency_keys (person_id, key, command, request_hash, answer, created_at_ms)
  select person_id, key, command, request_hash, answer, $2
  from jsonb_to_recordset($1::jsonb) as k(person_id uuid, key text, command text, request_hash text, answer jsonb)`;

interface Kept {
  readonly asked: PersonCommand;
  readonly key: string;
  readonly requestHash: string;
  readonly answer: unknown;
}

/** Keeps commands with their answers; it fails when one of them is kept already. */
export function keeping(kept: readonly Kept[], nowMs: number): Statement {
  const rows = kept.map(({ asked, key, requestHash, answer }) => ({
    person_id: asked.personId,
    key,
    command: asked.name,
    request_hash: requestHash,
    answer,
  }));
  return new Statement(KEEP, [JSON.stringify(rows), nowMs]);
}

const KNOWN = `select asked.nth::int from unnest($1::uuid[], $2::text[]) with ordinality as asked(person_id, key, nth)
  join idempotency_keys k on k.person_id = asked.person_id and k.key = asked.key`;

/** Those of the commands whose keys are kept already. */
export async function keptOf(tx: Tx, asked: readonly PersonCommand[]): Promise<ReadonlySet<PersonCommand>> {
  const keys = [asked.map(({ personId }) => personId), asked.map(keyOf)];
  const rows = await tx.execute<{ readonly nth: number }>(new Statement(KNOWN, keys));
  return new Set(rows.flatMap(({ nth }) => asked[nth - 1] ?? []));
}
