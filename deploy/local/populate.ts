import { randomUUID } from "node:crypto";

import { makeApi, type Api } from "#shared/client/rest-client.ts";

import { DEMO_MARKET, DEMO_RESTAURANTS, type DemoDish, type DemoRestaurant } from "./demo-market.ts";
import type { Login } from "./seed.ts";

export const DEMO_PASSWORD = "tiffin-demo-2026";
export const DEMO_ADMIN: Login & { readonly name: string } = {
  email: "admin@demo.tiffin.example",
  password: DEMO_PASSWORD,
  name: "Demo admin",
};

const login = (name: string): Login => ({ email: `${name}@demo.tiffin.example`, password: DEMO_PASSWORD });
const COURIERS = 5;
const CUSTOMERS = 3;

/** Who there is after populating. The first kitchen, courier and customer are for people; actors play the others. */
export interface DemoAccounts {
  readonly admin: Login;
  readonly dispatcher: Login;
  readonly customers: readonly Login[];
  readonly kitchens: readonly (Login & { readonly restaurantId: string; readonly restaurantName: string })[];
  readonly couriers: readonly Login[];
}

/**
 * Fills the demo market through the administration API, as an operator would. Safe to run again: what an e-mail address or a
 * restaurant's name already stands for is kept.
 *
 * @param baseUrl of a hub that is up
 */
export async function populate(baseUrl: string): Promise<DemoAccounts> {
  const open = makeApi({ baseUrl });
  const { accessToken } = await open.call("session.open", { email: DEMO_ADMIN.email, password: DEMO_ADMIN.password });
  const api = makeApi({ baseUrl, token: () => accessToken });
  const known = await api.call("restaurants.near", { marketId: DEMO_MARKET.id, limit: 100 });
  const kitchens = [];
  for (const [index, restaurant] of DEMO_RESTAURANTS.entries()) {
    const id =
      known.restaurants.find((each) => each.name === restaurant.name)?.id ?? (await addRestaurant(api, restaurant));
    const account = login(`kitchen${index + 1}`);
    await addStaff(api, { ...account, name: `Kitchen ${index + 1}`, role: "kitchen", restaurantId: id });
    kitchens.push({ ...account, restaurantId: id, restaurantName: restaurant.name });
  }
  const dispatcher = login("dispatcher");
  await addStaff(api, { ...dispatcher, name: "Demo dispatcher", role: "dispatcher", restaurantId: null });
  await addStaff(api, { ...login("support"), name: "Demo support", role: "support", restaurantId: null });
  const couriers = Array.from({ length: COURIERS }, (_, index) => login(`courier${index + 1}`));
  for (const [index, account] of couriers.entries()) {
    const vehicle = index % 2 === 0 ? ("motorbike" as const) : ("bicycle" as const);
    await orKnown(
      api.call("courier.create", { marketId: DEMO_MARKET.id, ...account, name: `Courier ${index + 1}`, vehicle }),
    );
  }
  const customers = Array.from({ length: CUSTOMERS }, (_, index) => login(`customer${index + 1}`));
  for (const [index, account] of customers.entries()) {
    await orKnown(open.call("account.register", { ...account, name: `Customer ${index + 1}` }));
  }
  return { admin: DEMO_ADMIN, dispatcher, customers, kitchens, couriers };
}

async function addStaff(
  api: Api,
  staff: Login & {
    readonly name: string;
    readonly role: "kitchen" | "dispatcher" | "support";
    readonly restaurantId: string | null;
  },
): Promise<void> {
  await orKnown(api.call("staff.add", { marketId: DEMO_MARKET.id, ...staff }));
}

/** An account that is there already is what a second start finds. */
async function orKnown(asked: Promise<unknown>): Promise<void> {
  await asked.catch((error: unknown) => {
    if (!(error instanceof Error && "code" in error && error.code === "account.exists")) throw error;
  });
}

async function addRestaurant(api: Api, demo: DemoRestaurant): Promise<string> {
  const { menu, ...profile } = demo;
  const marketId = DEMO_MARKET.id;
  const { id: restaurantId } = await api.call("restaurant.create", {
    ...profile,
    marketId,
    deliveryRadiusM: 6_000,
    minimumMinor: 20_000,
    deliveryBaseMinor: 5_900,
    deliveryPerKmMinor: 1_500,
    serviceFeeBasisPoints: 500,
    hours: Array.from({ length: 7 }, (_, weekday) => ({ weekday, opensMinute: 0, closesMinute: 1440 })),
  });
  for (const [position, [name, dishes]] of menu.entries()) {
    const categoryId = randomUUID();
    await api.call("category.save", { marketId, restaurantId, id: categoryId, name, position });
    for (const [index, dish] of dishes.entries()) {
      await api.call("item.save", { marketId, restaurantId, categoryId, position: index, ...itemOf(dish) });
    }
  }
  return restaurantId;
}

function itemOf({ name, description, pricePesos, choices = [] }: DemoDish) {
  return {
    id: randomUUID(),
    name,
    description,
    priceMinor: pricePesos * 100,
    modifierGroups: choices.map(([group, minChoices, maxChoices, options]) => ({
      id: randomUUID(),
      name: group,
      minChoices,
      maxChoices,
      options: options.map(([option, pesos]) => ({
        id: randomUUID(),
        name: option,
        priceMinor: pesos * 100,
        available: true,
      })),
    })),
  };
}
