import { openActorSession, type ActorSession, type ActorSessionOptions } from "../../actors/session.ts";
import type { Cast } from "../play/stage.ts";
import type { CastFile } from "./cast-file.ts";

/** Everybody of the file, by name; each signs in when first needed. */
export function liveCast(file: CastFile, hubs: Pick<ActorSessionOptions, "hubUrls">): Cast {
  const member = (trade: string, index: number, { email, password }: CastFile["customers"][number] | Login) => ({
    name: `${trade}-${index}`,
    session: remembered(() => openActorSession({ ...hubs, email, password })),
  });
  return {
    customers: file.customers.map((each, index) => ({
      ...member("customer", index, each),
      drop: each.drop,
      dropLine: each.dropLine,
    })),
    kitchens: file.kitchens.map((each, index) => ({
      ...member("kitchen", index, each),
      restaurantId: each.restaurantId,
    })),
    couriers: file.couriers.map((each, index) => ({
      ...member("courier", index, each),
      start: each.start,
      vehicle: each.vehicle,
    })),
  };
}

interface Login {
  readonly email: string;
  readonly password: string;
}

/** The first success stays; a failure is tried again the next time. */
export function remembered(open: () => Promise<ActorSession>): () => Promise<ActorSession> {
  let opened: Promise<ActorSession> | undefined;
  return async () => {
    opened ??= open();
    try {
      return await opened;
    } catch (error) {
      opened = undefined;
      throw error;
    }
  };
}
