import { z } from "zod";

import { CATALOGUE } from "#shared/contracts/catalogue/catalogue.ts";
import { COMMON_ERRORS, type Command } from "#shared/contracts/catalogue/command.ts";
import { ERRORS, type ErrorCode } from "#shared/contracts/errors.ts";
import { commandId } from "#shared/contracts/ids.ts";

type Json = Readonly<Record<string, unknown>>;

const PROBLEM: Json = {
  type: "object",
  description: "Problem details (RFC 9457). `code` is stable; act on it.",
  required: ["type", "title", "status", "code", "detail"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    code: { type: "string", enum: Object.keys(ERRORS) },
    detail: { type: "string" },
  },
};

/** The REST edge as OpenAPI 3.1, from the catalogue alone. [API9] */
export function openApiDocument(catalogue: Readonly<Record<string, Command>> = CATALOGUE): Json {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [name, entry] of Object.entries(catalogue)) {
    const operations = (paths[entry.rest.path] ??= {});
    operations[entry.rest.method.toLowerCase()] = operationOf(name, entry);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Tiffin",
      version: "1",
      description:
        "Every command and query of the platform. A command of somebody carries an `Idempotency-Key`: repeated with it, it gets the stored answer and does nothing. Successful answers are 200 with a body.",
    },
    paths,
    components: {
      schemas: { Problem: PROBLEM },
      securitySchemes: { session: { type: "http", scheme: "bearer", bearerFormat: "JWT" } },
    },
  };
}

function operationOf(name: string, entry: Command): Json {
  const input = schemaOf(entry.input, "input");
  const inPath = [...entry.rest.path.matchAll(/\{(\w+)\}/g)].map(([, field]) => field ?? "");
  const properties = propertiesOf(input);
  const required = Array.isArray(input["required"]) ? input["required"].map(String) : [];
  const others = Object.keys(properties).filter((field) => !inPath.includes(field));
  const reads = entry.rest.method === "GET" || entry.rest.method === "DELETE";
  const keyed = entry.kind === "command" && entry.rights !== "public";
  const parameters = [
    ...inPath.map((field) => ({ name: field, in: "path", required: true, schema: properties[field] ?? {} })),
    ...(reads
      ? others.map((field) => ({
          name: field,
          in: "query",
          required: required.includes(field),
          schema: properties[field],
        }))
      : []),
    ...(keyed ? [{ name: "Idempotency-Key", in: "header", required: true, schema: schemaOf(commandId, "input") }] : []),
  ];
  const body = {
    type: "object",
    properties: Object.fromEntries(others.map((field) => [field, properties[field]])),
    required: required.filter((field) => others.includes(field)),
  };
  return {
    operationId: name,
    summary: entry.summary,
    tags: [name.split(".")[0]],
    ...(entry.rights === "public" ? { security: [] } : { security: [{ session: [] }], "x-rights": entry.rights }),
    parameters,
    ...(reads ? {} : { requestBody: { required: true, content: { "application/json": { schema: body } } } }),
    responses: {
      "200": { description: "Done", content: { "application/json": { schema: schemaOf(entry.output, "output") } } },
      ...refusalsOf(entry),
    },
  };
}

/** One response for each status, naming the codes that it may carry. */
function refusalsOf(entry: Command): Json {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of [...COMMON_ERRORS, ...entry.errors]) {
    byStatus.set(ERRORS[code].http, [...(byStatus.get(ERRORS[code].http) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      String(status),
      {
        description: codes.map((code) => `\`${code}\`: ${ERRORS[code].title}`).join("; "),
        content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
      },
    ]),
  );
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return json;
}

function propertiesOf(schema: Json): Record<string, unknown> {
  const properties = schema["properties"];
  return typeof properties === "object" && properties !== null ? { ...properties } : {};
}
