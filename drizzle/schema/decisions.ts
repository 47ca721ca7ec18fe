import { customType, index, integer, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";

import { atMs, id, marketId } from "./columns.ts";
import { markets } from "./people.ts";

const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => "bytea" });

/**
 * What each dispatch round was decided by and what it decided (`shared/domain/dispatch/decision`), compressed. Kept for a
 * while: offers name theirs, and outlive it.
 */
export const dispatchDecisions = pgTable(
  "dispatch_decisions",
  {
    marketId: marketId().references(() => markets.id),
    id: id(),
    round: integer("round").notNull(),
    /** Of the deciding function. */
    version: text("version").notNull(),
    decidedAtMs: atMs("decided_at_ms").notNull(),
    record: bytea("record").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.marketId, t.id] }),
    uniqueIndex("dispatch_decisions_round").on(t.marketId, t.round),
    index("dispatch_decisions_age").on(t.decidedAtMs),
  ],
);
