import { randomUUID } from "node:crypto";

import type { Api } from "#shared/client/rest-client.ts";

import { openActorSession, type ActorSession } from "../actors/session.ts";
import { inTurns } from "#shared/lib/in-turns.ts";
import type { InstanceCourier, InstanceRestaurant, ReplayInstance } from "./instance.ts";

export const REPLAY_MARKET = "replay";
export const REPLAY_PASSWORD = "a day from the books";
export const REPLAY_ADMIN = { email: "admin@replay.example", password: REPLAY_PASSWORD, name: "Replay admin" };

export interface CastKitchen {
  readonly restaurantId: string;
  readonly itemId: string;
  readonly session: ActorSession;
}

export interface CastCourier {
  readonly plan: InstanceCourier;
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
  /** Where one of them, by name, finds the hubs; `hubUrls` where left out. */
  readonly hubsFor?: ((name: string) => readonly string[]) | undefined;
  readonly instance: ReplayInstance;
  readonly fetch: typeof fetch;
  readonly tell: (sentence: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** No more requests at once than two hubs take gladly. */
const AT_ONCE = 8;
const ORDERS_A_CUSTOMER = 4;
const MOST_CUSTOMERS = 1_000;
const ALWAYS = Array.from({ length: 7 }, (_, weekday) => ({ weekday, opensMinute: 0, closesMinute: 1440 }));

/** Makes the market of an instance through the administration API, opens everybody's account and signs them in. [RPL2] */
export async function makeCast(options: CastOptions): Promise<Cast> {
  const { instance, tell, signal } = options;
  const office = await openOffice(options);
  tell(`opening ${instance.restaurants.length} restaurants`);
  const kitchens = await inTurns(
    instance.restaurants,
    AT_ONCE,
    async (restaurant, index) => [restaurant.id, await office.addKitchen(restaurant, `kitchen-${index}`)] as const,
    signal,
  );
  tell(`taking on ${instance.couriers.length} couriers`);
  const couriers = await inTurns(
    instance.couriers,
    AT_ONCE,
    (plan, index) => office.addCourier(plan, `courier-${index}`),
    signal,
  );
  const wanted =
    instance.customers ?? Math.min(MOST_CUSTOMERS, Math.max(1, Math.ceil(instance.orders.length / ORDERS_A_CUSTOMER)));
  tell(`registering ${wanted} customers`);
  const customers = await inTurns(
    Array.from({ length: wanted }),
    AT_ONCE,
    (_, index) => office.addCustomer(`customer-${index}`),
    signal,
  );
  const [restaurant] = instance.restaurants;
  const [plan] = instance.couriers;
  if (!restaurant || !plan) throw new Error(`the instance ${instance.name} has no restaurant or no courier`);
  return {
    kitchens: new Map(kitchens),
    couriers,
    customers,
    operator: await office.addOperator("operator"),
    strangers: {
      customer: await office.addCustomer("stranger-customer"),
      kitchen: await office.addKitchen(restaurant, "stranger-kitchen"),
      courier: await office.addCourier(plan, "stranger-courier"),
    },
  };
}

/** What the administrator can make, and the sign-in of whom was made. */
export async function openOffice(options: Omit<CastOptions, "instance" | "tell">) {
  const signIn = (name: string) => {
    const hubUrls = options.hubsFor?.(name) ?? options.hubUrls;
    return openActorSession({ ...options, hubUrls, email: emailOf(name), password: REPLAY_PASSWORD });
  };
  const { api } = await openActorSession({ ...options, email: REPLAY_ADMIN.email, password: REPLAY_PASSWORD });
  const marketId = REPLAY_MARKET;
  return {
    async addKitchen(restaurant: InstanceRestaurant, name: string): Promise<CastKitchen> {
      const made = await addRestaurant(api, restaurant, name);
      return { ...made, session: await signIn(name) };
    },
    async addCourier(plan: InstanceCourier, name: string): Promise<CastCourier> {
      const account = accountOf(name, `Courier ${plan.id}`);
      const made = await api.call("courier.create", { ...account, marketId, vehicle: "bicycle", capacity: 4 });
      return { plan, courierId: made.id, session: await signIn(name) };
    },
    async addCustomer(name: string): Promise<ActorSession> {
      await api.call("account.register", accountOf(name, `Customer ${name}`));
      return await signIn(name);
    },
    async addOperator(name: string): Promise<ActorSession> {
      await api.call("staff.add", { ...accountOf(name, "Operator"), marketId, role: "dispatcher" });
      return await signIn(name);
    },
  };
}

function accountOf(name: string, title: string) {
  return { email: emailOf(name), name: title, password: REPLAY_PASSWORD };
}

export function emailOf(name: string): string {
  return `${name}@replay.example`;
}

/** One restaurant with one dish, always open, that delivers anywhere, and one person in its kitchen. */
async function addRestaurant(
  api: Api,
  restaurant: InstanceRestaurant,
  kitchen: string,
): Promise<Omit<CastKitchen, "session">> {
  const marketId = REPLAY_MARKET;
  const { id: restaurantId } = await api.call("restaurant.create", {
    marketId,
    name: `Restaurant ${restaurant.id}`,
    cuisine: "replay",
    addressLine: `Place ${restaurant.id}`,
    point: { lat: restaurant.lat, lng: restaurant.lng },
    deliveryRadiusM: 100_000,
    minimumMinor: 0,
    prepMinutes: 15,
    hours: ALWAYS,
    deliveryBaseMinor: 300,
    deliveryPerKmMinor: 20,
    serviceFeeBasisPoints: 500,
  });
  const categoryId = randomUUID();
  await api.call("category.save", { marketId, restaurantId, id: categoryId, name: "All day", position: 0 });
  const itemId = randomUUID();
  const dish = { name: "The dish", priceMinor: 1_490, position: 0 };
  await api.call("item.save", { marketId, restaurantId, categoryId, id: itemId, ...dish });
  const account = accountOf(kitchen, `Kitchen of ${restaurant.id}`);
  await api.call("staff.add", { ...account, marketId, role: "kitchen", restaurantId });
  return { restaurantId, itemId };
}
