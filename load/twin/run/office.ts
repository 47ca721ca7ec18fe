import { randomUUID } from "node:crypto";

import type { Api } from "#shared/client/rest-client.ts";

import { keepSession, openActorSession, patientApi, type ActorSession } from "../../actors/session.ts";
import { inTurns } from "#shared/lib/in-turns.ts";
import { remembered } from "../live/live-cast.ts";
import type { Cast, CastCourier, CastCustomer, CastKitchen } from "../play/stage.ts";
import { menuOf } from "./menu.ts";
import type { Town, TownRestaurant } from "./town.ts";

export const TWIN_MARKET = "twin";
const PASSWORD = "a city of its own";
export const TWIN_ADMIN = { email: "admin@twin.example", password: PASSWORD, name: "Twin admin" };

/** What every restaurant asks for a delivery, in the market's smallest unit. */
export const TARIFF = { deliveryBaseMinor: 5_900, deliveryPerKmMinor: 1_500 } as const;

/** Everybody of a town, with accounts. */
export interface Company {
  readonly cast: Cast;
  readonly courierIds: readonly string[];
  readonly operator: ActorSession;
  /** Who have nothing to do with any order. */
  readonly strangers: {
    readonly customer: ActorSession;
    readonly kitchen: ActorSession;
    readonly courier: ActorSession;
  };
}

export interface OfficeOptions {
  readonly hubUrls: readonly string[];
  readonly fetch: typeof fetch;
  readonly tell: (sentence: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** No more requests at once than the hubs take gladly. */
const AT_ONCE = 8;
const ALWAYS = Array.from({ length: 7 }, (_, weekday) => ({ weekday, opensMinute: 0, closesMinute: 1440 }));

/** Makes a town's restaurants, menus and people through the administration API. [TWN10] */
export async function openTown(options: OfficeOptions, town: Town): Promise<Company> {
  const { tell, signal } = options;
  const office = await openOffice(options);
  const { restaurants, couriers, customers } = town;
  tell(`opening ${restaurants.length} restaurants`);
  const kitchens = await inTurns(
    restaurants,
    AT_ONCE,
    (each, index) => office.addKitchen(each, `kitchen-${index}`),
    signal,
  );
  tell(`taking on ${couriers.length} couriers`);
  const riders = await inTurns(couriers, AT_ONCE, (each, index) => office.addCourier(each, `courier-${index}`), signal);
  tell(`registering ${customers.length} customers`);
  const guests = await inTurns(
    customers,
    AT_ONCE,
    async (each, index): Promise<CastCustomer> => {
      const session = await office.addCustomer(`customer-${index}`);
      return { ...each, name: `customer-${index}`, session: () => Promise.resolve(session) };
    },
    signal,
  );
  const [restaurant] = restaurants;
  if (!restaurant) throw new Error("a town has restaurants");
  const stranger = { start: town.center, vehicle: "bicycle" } as const;
  const strangers = {
    customer: await office.addCustomer("stranger-customer"),
    kitchen: await (await office.addKitchen({ ...restaurant, name: "Elsewhere" }, "stranger-kitchen", false)).session(),
    courier: await (await office.addCourier(stranger, "stranger-courier")).courier.session(),
  };
  return {
    cast: { kitchens, customers: guests, couriers: riders.map((each) => each.courier) },
    courierIds: riders.map((each) => each.id),
    operator: await office.addOperator("operator"),
    strangers,
  };
}

async function openOffice(options: OfficeOptions) {
  const loginOf = (name: string) => ({ ...options, email: emailOf(name), password: PASSWORD });
  const signIn = (name: string) => openActorSession(loginOf(name));
  const { api } = await openActorSession({ ...options, email: TWIN_ADMIN.email, password: PASSWORD });
  const marketId = TWIN_MARKET;
  return {
    async addKitchen(restaurant: TownRestaurant, name: string, active = true): Promise<CastKitchen> {
      const restaurantId = await addRestaurant(api, restaurant);
      if (!active) await api.call("restaurant.change", { marketId, restaurantId, active });
      await api.call("staff.add", { ...accountOf(name), marketId, role: "kitchen", restaurantId });
      return { name, restaurantId, session: remembered(() => signIn(name)) };
    },
    async addCourier(
      { start, vehicle }: Town["couriers"][number],
      name: string,
    ): Promise<{ readonly id: string; readonly courier: CastCourier }> {
      const { id } = await api.call("courier.create", { ...accountOf(name), marketId, vehicle, capacity: 3 });
      return { id, courier: { name, start, vehicle, session: remembered(() => signIn(name)) } };
    },
    async addCustomer(name: string): Promise<ActorSession> {
      const opened = await patientApi(options).call("account.register", accountOf(name));
      return keepSession(loginOf(name), opened);
    },
    async addOperator(name: string): Promise<ActorSession> {
      await api.call("staff.add", { ...accountOf(name), marketId, role: "dispatcher" });
      return await signIn(name);
    },
  };
}

function accountOf(name: string) {
  return { email: emailOf(name), name, password: PASSWORD };
}

function emailOf(name: string): string {
  return `${name}@twin.example`;
}

async function addRestaurant(api: Api, restaurant: TownRestaurant): Promise<string> {
  const marketId = TWIN_MARKET;
  const { id: restaurantId } = await api.call("restaurant.create", {
    marketId,
    ...restaurant,
    deliveryRadiusM: 5_000,
    minimumMinor: 20_000,
    prepMinutes: 15,
    hours: ALWAYS,
    ...TARIFF,
    serviceFeeBasisPoints: 500,
  });
  const categoryId = randomUUID();
  await api.call("category.save", { marketId, restaurantId, id: categoryId, name: "Menu", position: 0 });
  for (const [position, dish] of menuOf(restaurant.cuisine).entries()) {
    // oxlint-disable-next-line no-await-in-loop -- in their order
    await api.call("item.save", { marketId, restaurantId, categoryId, id: randomUUID(), position, ...dish });
  }
  return restaurantId;
}
