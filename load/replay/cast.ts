import { randomUUID } from "node:crypto";

import type { Api } from "#shared/client/rest-client.ts";

import { openActorSession, type ActorSession } from "../actors/session.ts";
import { inTurns } from "./in-turns.ts";
import { packProjection, type PackCourier, type PackInstance, type PackRestaurant } from "./pack.ts";

export const REPLAY_MARKET = "replay";
export const REPLAY_PASSWORD = "a day from the books";
export const REPLAY_ADMIN = { email: "admin@replay.example", password: REPLAY_PASSWORD, name: "Replay admin" };

export interface CastKitchen {
  readonly restaurantId: string;
  readonly itemId: string;
  readonly session: ActorSession;
}

export interface CastCourier {
  readonly plan: PackCourier;
  readonly courierId: string;
  readonly session: ActorSession;
}

/** Everybody who plays a day, signed in. */
export interface Cast {
  /** By the instance's own ids. */
  readonly kitchens: ReadonlyMap<string, CastKitchen>;
  readonly couriers: readonly CastCourier[];
  readonly customers: readonly ActorSession[];
  readonly operator: ActorSession;
  /** Who have nothing to do with the day's orders, and try to see and touch them all the same. */
  readonly strangers: { readonly customer: ActorSession; readonly kitchen: CastKitchen; readonly courier: CastCourier };
}

export interface CastOptions {
  readonly hubUrls: readonly string[];
  readonly instance: PackInstance;
  readonly fetch: typeof fetch;
  readonly tell: (sentence: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Password hashes cost a tenth of a second of a core each: no more at once than hubs take gladly. */
const AT_ONCE = 4;
const ORDERS_A_CUSTOMER = 4;
const MOST_CUSTOMERS = 160;
const ALWAYS = Array.from({ length: 7 }, (_, weekday) => ({ weekday, opensMinute: 0, closesMinute: 1440 }));

/** Makes the market of an instance through the administration API, opens everybody's account and signs them in. [RPL2] */
export async function makeCast(options: CastOptions): Promise<Cast> {
  const { instance, tell, signal } = options;
  const signIn = (name: string) => openActorSession({ ...options, email: emailOf(name), password: REPLAY_PASSWORD });
  const admin = await openActorSession({ ...options, email: REPLAY_ADMIN.email, password: REPLAY_PASSWORD });
  const { api } = admin;
  const toPoint = packProjection().toPoint;

  tell(`opening ${instance.restaurants.length} restaurants`);
  const kitchens = await inTurns(
    instance.restaurants,
    AT_ONCE,
    async (restaurant, index) => {
      const made = await addRestaurant(api, restaurant, `kitchen-${index}`, toPoint(restaurant));
      return [restaurant.id, { ...made, session: await signIn(`kitchen-${index}`) }] as const;
    },
    signal,
  );
  tell(`taking on ${instance.couriers.length} couriers`);
  const couriers = await inTurns(
    instance.couriers,
    AT_ONCE,
    (plan, index) => addCourier(plan, `courier-${index}`),
    signal,
  );
  const wanted = Math.min(MOST_CUSTOMERS, Math.max(1, Math.ceil(instance.orders.length / ORDERS_A_CUSTOMER)));
  tell(`registering ${wanted} customers`);
  const customers = await inTurns(
    Array.from({ length: wanted }),
    AT_ONCE,
    (_, index) => addCustomer(`customer-${index}`),
    signal,
  );
  await api.call("staff.add", {
    ...{ marketId: REPLAY_MARKET, email: emailOf("operator"), name: "Operator", password: REPLAY_PASSWORD },
    role: "dispatcher",
  });

  async function addCourier(plan: PackCourier, name: string): Promise<CastCourier> {
    const account = { email: emailOf(name), name: `Courier ${name}`, password: REPLAY_PASSWORD };
    const made = await api.call("courier.create", {
      marketId: REPLAY_MARKET,
      ...account,
      vehicle: "bicycle",
      capacity: 4,
    });
    return { plan, courierId: made.id, session: await signIn(name) };
  }
  async function addCustomer(name: string): Promise<ActorSession> {
    const account = { email: emailOf(name), name: `Customer ${name}`, password: REPLAY_PASSWORD };
    await api.call("account.register", account);
    return await signIn(name);
  }
  return {
    kitchens: new Map(kitchens),
    couriers,
    customers,
    operator: await signIn("operator"),
    strangers: await addStrangers(),
  };

  async function addStrangers(): Promise<Cast["strangers"]> {
    const [restaurant] = instance.restaurants;
    const [plan] = instance.couriers;
    if (!restaurant || !plan) throw new Error(`the instance ${instance.name} has no restaurant or no courier`);
    const made = await addRestaurant(api, restaurant, "stranger-kitchen", toPoint(restaurant));
    return {
      customer: await addCustomer("stranger-customer"),
      kitchen: { ...made, session: await signIn("stranger-kitchen") },
      courier: await addCourier(plan, "stranger-courier"),
    };
  }
}

function emailOf(name: string): string {
  return `${name}@replay.example`;
}

/** One restaurant with one dish, always open, that delivers anywhere, and one person in its kitchen. */
async function addRestaurant(
  api: Api,
  restaurant: PackRestaurant,
  kitchen: string,
  point: { readonly lat: number; readonly lng: number },
): Promise<Omit<CastKitchen, "session">> {
  const marketId = REPLAY_MARKET;
  const { id: restaurantId } = await api.call("restaurant.create", {
    ...{ marketId, name: `Restaurant ${restaurant.id}`, cuisine: "replay", addressLine: `Place ${restaurant.id}` },
    ...{ point, deliveryRadiusM: 100_000, minimumMinor: 0, prepMinutes: 15, hours: ALWAYS },
    ...{ deliveryBaseMinor: 300, deliveryPerKmMinor: 20, serviceFeeBasisPoints: 500 },
  });
  const categoryId = randomUUID();
  await api.call("category.save", { marketId, restaurantId, id: categoryId, name: "All day", position: 0 });
  const itemId = randomUUID();
  const dish = { name: "The dish", priceMinor: 1_490, position: 0 };
  await api.call("item.save", { marketId, restaurantId, categoryId, id: itemId, ...dish });
  const account = { email: emailOf(kitchen), name: `Kitchen of ${restaurant.id}`, password: REPLAY_PASSWORD };
  await api.call("staff.add", { marketId, ...account, role: "kitchen", restaurantId });
  return { restaurantId, itemId };
}
