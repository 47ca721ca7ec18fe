/**
 * `npm run boundaries`: the import rules of the house. dependency-cruiser reads TypeScript through the JavaScript API
 * of TypeScript 6, which stands beside the compiler that we check types with; here alone "typescript" means that one.
 */
import { registerHooks } from "node:module";

import { FOLDERS } from "./folders-of-code.ts";

registerHooks({
  resolve(specifier, context, next) {
    const isCompiler = specifier === "typescript" || specifier.startsWith("typescript/");
    return next(isCompiler ? specifier.replace("typescript", "typescript6") : specifier, context);
  },
});

process.argv = [...process.argv.slice(0, 2), "--config", ".dependency-cruiser.cjs", ...FOLDERS];
await import(new URL("../node_modules/dependency-cruiser/bin/dependency-cruiser.mjs", import.meta.url).href);
