import { readFileSync } from "node:fs";
import { registerHooks, stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";

import type * as core from "./core.ts";
import type { PlantedBug } from "./planted-bugs.ts";

export type Core = typeof core;

/** Files that may hold a planted bug, or lead to one that does. */
export const CORE =
  /\/(?:hub\/(?:realtime|sockets)|shared\/(?:client|server\/(?:realtime|db|life))|load\/sim)\/[^/?]+[.]ts$/u;

/**
 * The production code, with a planted bug when one is named: the module loader gives the core's files a second life in
 * which the bug's edits are made. Production code itself knows nothing of it. Needs Node's own loader. [SIM6]
 *
 * @throws when an edit's text is not in its file exactly once: the code has changed, and the bug must follow it
 */
export async function loadCore(bug?: PlantedBug): Promise<Core> {
  if (!bug) return await import("./core.ts");
  const mark = `?bug=${bug.name}`;
  const edited = new Set<string>();
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context);
      const inside = specifier.endsWith(mark) || context.parentURL?.endsWith(mark) === true;
      const url = found.url.split("?")[0] ?? found.url;
      return inside && CORE.test(url) ? { ...found, url: url + mark } : found;
    },
    load(url, context, next) {
      const edits = url.endsWith(mark) ? bug.edits.filter(({ file }) => url.endsWith(`/${file}${mark}`)) : [];
      if (edits.length === 0) return next(url, context);
      let source = readFileSync(fileURLToPath(url.slice(0, -mark.length)), "utf8");
      for (const { file, find, replace } of edits) {
        edited.add(file);
        const parts = source.split(find);
        if (parts.length !== 2) throw new Error(`bug ${bug.name}: "${find}" is ${parts.length - 1} times in ${file}`);
        source = parts.join(replace);
      }
      return { format: "module", source: stripTypeScriptTypes(source), shortCircuit: true };
    },
  });
  try {
    // Cast: the same file, with edits that keep its exports.
    const edition = (await import(`./core.ts${mark}`)) as Core;
    const missed = bug.edits.find(({ file }) => !edited.has(file));
    if (missed) throw new Error(`bug ${bug.name}: ${missed.file} is not part of the core`);
    return edition;
  } finally {
    hooks.deregister();
  }
}
