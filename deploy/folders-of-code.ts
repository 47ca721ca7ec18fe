/** Where our code stands. Tools are told these, so that none of them walks node_modules. */
export const FOLDERS = ["clients", "deploy", "docs", "drizzle", "hub", "load", "shared", "workers"] as const;
