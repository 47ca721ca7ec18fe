import { max } from "drizzle-orm";

import { orderEvents } from "#drizzle/schema/events.ts";
import { connectDb } from "#shared/server/db/connect.ts";

/** When the newest event of a migrated database happened, deployment time (epoch ms); undefined where nothing has happened. */
export async function newestEventMs(databaseUrl: string): Promise<number | undefined> {
  const db = connectDb(databaseUrl, { max: 1, name: "tiffin-clock" });
  try {
    const [row] = await db.orm.select({ atMs: max(orderEvents.atMs) }).from(orderEvents);
    return row?.atMs ?? undefined;
  } finally {
    await db.close();
  }
}
