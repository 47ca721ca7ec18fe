import type { Api } from "#shared/client/rest-client.ts";

import type { ActorSession } from "../../actors/session.ts";
import { inTurns } from "#shared/lib/in-turns.ts";
import { remembered } from "../live/live-cast.ts";
import type { Cast, CastCourier, CastCustomer, CastKitchen } from "../play/stage.ts";
import { menuOf } from "./menu.ts";
import type { Town, TownRestaurant } from "./town.ts";

/** The market that a twin is played in. */
export const MARKET = {
  id: "twin",
  name: "Twin",
  timeZone: "America/Montevideo",
  currency: "UYU",
  locale: "es-UY",
  taxBasisPoints: 1000,
} as const;
const PASSWORD = "a city of its own";
export const TWIN_ADMIN = { email: "admin@twin.example", password: PASSWORD, name: "Twin admin" };

/** What every restaurant asks for a delivery, in the market's smallest unit. */
const TARIFF = { deliveryBaseMinor: 5_900, deliveryPerKmMinor: 1_500 } as const;

/** What a delivery so far away pays. */
export function usualPayMinor(distanceM: number): number {
  return TARIFF.deliveryBaseMinor + (TARIFF.deliveryPerKmMinor * distanceM) / 1_000;
}

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

export interface Account {
  readonly email: string;
  readonly name: string;
  readonly password: string;
}

/** How the office reaches the platform: a live one, or one that is simulated in this process. */
export interface FrontDoor {
  /** The administrator's. */
  readonly admin: Api;
  /** Opens a customer's account. */
  readonly register: (account: Account) => Promise<ActorSession>;
  /** With an account that is there already. */
  readonly signIn: (account: Account) => Promise<ActorSession>;
  /** A fresh UUID. */
  readonly newId: () => string;
}

export interface OfficeOptions {
  readonly door: FrontDoor;
  readonly tell: (sentence: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** No more requests at once than the hubs take gladly. */
const AT_ONCE = 8;
const ALWAYS = Array.from({ length: 7 }, (_, weekday) => ({ weekday, opensMinute: 0, closesMinute: 1440 }));
const NEVER: typeof ALWAYS = [];

/** Makes a town's restaurants, menus and people through the administration API. [TWN10] */
export async function openTown(options: OfficeOptions, town: Town): Promise<Company> {
  const { tell, signal } = options;
  const office = openOffice(options.door);
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
    kitchen: await (await office.addKitchen({ ...restaurant, name: "Elsewhere" }, "stranger-kitchen", NEVER)).session(),
    courier: await (await office.addCourier(stranger, "stranger-courier")).courier.session(),
  };
  return {
    cast: { kitchens, customers: guests, couriers: riders.map((each) => each.courier) },
    courierIds: riders.map((each) => each.id),
    operator: await office.addOperator("operator"),
    strangers,
  };
}

function openOffice({ admin: api, register, signIn: enter, newId }: FrontDoor) {
  const signIn = (name: string) => enter(accountOf(name));
  const marketId = MARKET.id;
  return {
    async addKitchen(restaurant: TownRestaurant, name: string, hours = ALWAYS): Promise<CastKitchen> {
      const restaurantId = await addRestaurant(api, { ...restaurant, hours }, newId);
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
      return await register(accountOf(name));
    },
    async addOperator(name: string): Promise<ActorSession> {
      await api.call("staff.add", { ...accountOf(name), marketId, role: "dispatcher" });
      return await signIn(name);
    },
  };
}

function accountOf(name: string): Account {
  return { email: `${name}@twin.example`, name, password: PASSWORD };
}

async function addRestaurant(
  api: Api,
  restaurant: TownRestaurant & { readonly hours: typeof ALWAYS },
  newId: () => string,
): Promise<string> {
  const marketId = MARKET.id;
  const { id: restaurantId } = await api.call("restaurant.create", {
    marketId,
    ...restaurant,
    deliveryRadiusM: 5_000,
    minimumMinor: 20_000,
    prepMinutes: 15,
    ...TARIFF,
    serviceFeeBasisPoints: 500,
  });
  const categoryId = newId();
  await api.call("category.save", { marketId, restaurantId, id: categoryId, name: "Menu", position: 0 });
  for (const [position, dish] of menuOf(restaurant.cuisine).entries()) {
    // oxlint-disable-next-line no-await-in-loop -- in their order
    await api.call("item.save", { marketId, restaurantId, categoryId, id: newId(), position, ...dish });
  }
  return restaurantId;
}
