import { bigint, text, uuid } from "drizzle-orm/pg-core";

/** Epoch milliseconds of the deployment's clock. A JavaScript number holds them exactly. */
export const atMs = (name: string) => bigint(name, { mode: "number" });
/** Integer minor units of the market's currency. */
export const minor = (name: string) => bigint(name, { mode: "number" });
/** The market that owns the row: first part of every key, so that a market can move to a database of its own. */
export const marketId = () => text("market_id").notNull();
export const id = (name = "id") => uuid(name).notNull();
