import type { z } from "zod";

import { hubSchema } from "./hub-config.ts";
import { workerSchema } from "./worker-config.ts";

/** The text of `.env.example`: every variable of hubs and workers, with its sentence and its default. [CFG4] */
export function envExample(): string {
  const [hub, worker] = [hubSchema.shape, workerSchema.shape];
  const names = [...new Set([...Object.keys(hub), ...Object.keys(worker)])];
  const entries = names.map((name) => {
    const who = !(name in worker) ? "hub" : name in hub ? "hub and worker" : "worker";
    // Cast: the name was taken from one of the two.
    return entry(name, who, ({ ...worker, ...hub } as Record<string, z.ZodType>)[name]);
  });
  return [
    "# Everything that a hub or a worker may be told from outside. Generated: npm run generate.",
    "# `npm start` needs none of it. A variable that is set to nothing counts as absent.",
    "",
    ...entries,
  ].join("\n");
}

function entry(name: string, who: string, schema: z.ZodType | undefined): string {
  if (schema?.description === undefined) throw new Error(`${name} says nothing about itself`);
  const absent = schema.safeParse(undefined);
  const value = absent.success ? asText(absent.data) : "";
  const need = absent.success ? "" : " Required.";
  // What may be absent is shown, but set to nothing.
  return `# ${schema.description} (${who})${need}\n${absent.success && value === "" ? "# " : ""}${name}=${value}\n`;
}

function asText(value: unknown): string {
  if (value === undefined) return "";
  if (Array.isArray(value)) return value.join(",");
  return typeof value === "string" ? value : JSON.stringify(value);
}
