import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The top of the project. */
export const PROJECT = resolve(fileURLToPath(new URL("../..", import.meta.url)));

/** What is downloaded once and may be shared by everything that runs here: never emptied by `npm run reset`. */
export const CACHE = resolve(PROJECT, ".tiffin/cache");

/** Where `npm start` keeps its databases. `npm run reset` empties it. */
export const DATA = resolve(PROJECT, ".tiffin/data");
