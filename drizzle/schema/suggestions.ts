import { sql } from "drizzle-orm";
import { check, foreignKey, integer, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";

import { SUGGESTION_ENDS } from "#shared/contracts/states.ts";

import { atMs, id, marketId } from "./columns.ts";
import { couriers, restaurants } from "./restaurants.ts";

/** The newest suggestion to each courier to wait elsewhere; a newer one takes its row. What came before is told by the courier's events. */
export const moveSuggestions = pgTable(
  "move_suggestions",
  {
    marketId: marketId(),
    courierId: id("courier_id"),
    id: id(),
    restaurantId: id("restaurant_id"),
    /** The round's decision; it is forgotten in its time. */
    decisionId: uuid("decision_id"),
    madeAtMs: atMs("made_at_ms").notNull(),
    expiresAtMs: atMs("expires_at_ms").notNull(),
    wayMs: integer("way_ms").notNull(),
    /** Null while it stands, and after it has expired. */
    endedAtMs: atMs("ended_at_ms"),
    ended: text("ended", { enum: SUGGESTION_ENDS }),
  },
  (t) => [
    primaryKey({ columns: [t.marketId, t.courierId] }),
    foreignKey({ columns: [t.marketId, t.courierId], foreignColumns: [couriers.marketId, couriers.id] }),
    foreignKey({ columns: [t.marketId, t.restaurantId], foreignColumns: [restaurants.marketId, restaurants.id] }),
    check("move_suggestions_ended", sql`(${t.endedAtMs} is null) = (${t.ended} is null)`),
  ],
);
