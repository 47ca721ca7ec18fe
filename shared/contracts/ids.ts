import { z } from "zod";

/** A market's name in keys, rooms and paths. */
export const marketId = z.string().regex(/^[a-z0-9-]{2,24}$/);
/** UUIDs; ours are version 7, so that they sort by time. */
export const uuid = z.uuid();

export const orderId = uuid;
export const restaurantId = uuid;
export const courierId = uuid;
export const deliveryId = uuid;
export const offerId = uuid;
export const personId = uuid;
/** Names one intention of one person; repeated, it gets the stored answer. */
export const commandId = z.string().min(8).max(128);
/** An H3 index at resolution 7. */
export const zoneId = z.string().regex(/^[0-9a-f]{15}$/);
