import { streamKey, type StreamRef } from "./streams.ts";

/**
 * Every room name there is. A name of exactly 20 characters is taken for a private socket id by the sharded adapter and
 * goes to every node; the shortest form here has more than 20, whatever the market. A test keeps it so.
 */
export const roomOf = {
  /** In the namespace `/streams`: hubs that have watchers of the stream. */
  stream: (ref: StreamRef) => `stream-events/${streamKey(ref)}`,
  /** In the namespace `/positions`: hubs that show the courier to somebody. */
  courierPosition: (marketId: string, courierId: string) => `courier-position/${marketId}/${courierId}`,
  /** In the namespace `/positions`: every hub that takes positions; there it is told which zones are watched anew. */
  zonesAsked: "zones-asked/all-markets",
  /** In the namespace `/positions` for hubs of operators, told who comes; in `/courier` for the couriers who are there. */
  zone: (marketId: string, zone: string) => `couriers-in-zone/${marketId}/${zone}`,
} as const;
