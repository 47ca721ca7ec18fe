import { z } from "zod";

type Json = Readonly<Record<string, unknown>>;

export const MARKET = "mvd";
export const UUID = "0198c0de-0000-7000-8000-000000000001";

/** The smallest value that a schema takes: what is optional is left out. Throws for what it has no value for. */
export function sampleOf(schema: z.ZodType, io: "input" | "output" = "input"): unknown {
  const sample = sampleOfJson(z.toJSONSchema(schema, { io, unrepresentable: "any" }));
  schema.parse(sample);
  return sample;
}

function sampleOfJson(json: Json): unknown {
  if ("const" in json) return json["const"];
  if (Array.isArray(json["enum"])) return json["enum"][0];
  if (Array.isArray(json["anyOf"])) return sampleOfJson(json["anyOf"][0]);
  switch (Array.isArray(json["type"]) ? json["type"][0] : json["type"]) {
    case "string":
      return sampleText(json);
    case "integer":
    case "number":
      return Math.max(1, Number(json["minimum"] ?? 1));
    case "boolean":
      return true;
    case "null":
      return null;
    case "array":
      return Array.from({ length: Number(json["minItems"] ?? 0) }, () => sampleOfJson(json["items"] as Json)); // Cast: JSON Schema.
    case "object": {
      const properties = (json["properties"] ?? {}) as Record<string, Json>; // Cast: JSON Schema.
      const required = (json["required"] ?? []) as string[]; // Cast: JSON Schema.
      return Object.fromEntries(required.map((field) => [field, sampleOfJson(properties[field] ?? {})]));
    }
    default:
      return {};
  }
}

function sampleText(json: Json): string {
  if (json["format"] === "uuid") return UUID;
  if (json["format"] === "email") return "ana@example.org";
  const candidates = [MARKET, "+59899123456", "0".repeat(15), "x".repeat(Number(json["minLength"] ?? 1))];
  const pattern = new RegExp(typeof json["pattern"] === "string" ? json["pattern"] : "", "u");
  const found = candidates.find((text) => pattern.test(text) && text.length >= Number(json["minLength"] ?? 0));
  if (found === undefined) throw new Error(`no sample for ${JSON.stringify(json)}`);
  return found;
}
