import { isDeepStrictEqual } from "node:util";

import { makeApi, type Api } from "#shared/client/rest-client.ts";
import type { CommandInput } from "#shared/contracts/catalogue/catalogue.ts";
import type { RestaurantView } from "#shared/contracts/views.ts";
import { fold } from "#shared/domain/geocoding/words.ts";
import { inTurns } from "#shared/lib/in-turns.ts";

import { DEMO_MARKET } from "../demo/market.ts";
import type { DemoPlan } from "../demo/plan.ts";
import { DEMO_WORDS, type DemoRestaurant } from "../demo/restaurants.ts";
import { seedOf } from "../demo/seed-of.ts";
import { addRestaurant, idOf, saveMenu } from "./add-restaurant.ts";
import type { Login } from "./seed.ts";

export const DEMO_PASSWORD = "tiffin-demo-2026";
export const DEMO_ADMIN: Login & { readonly name: string } = {
  email: "admin@demo.tiffin.example",
  password: DEMO_PASSWORD,
  name: "Demo admin",
};

const login = (name: string): Login => ({ email: `${name}@demo.tiffin.example`, password: DEMO_PASSWORD });
const marketId = DEMO_MARKET.id;
/** Requests under way at once: two hubs' worth, without keeping a person who opens a page waiting. */
const AT_ONCE = 6;

/** Who there is after populating, each as the plan has it. The first of each is for people; the twin plays the others. */
export interface DemoAccounts {
  readonly dispatcher: Login;
  readonly customers: readonly Login[];
  readonly kitchens: readonly (Login & { readonly restaurantId: string; readonly restaurantName: string })[];
  readonly couriers: readonly Login[];
}

/** Fills the demo market through the administration API, as an operator would. */
export interface Populating {
  /** The first restaurant, courier and customer, and the office: enough for people to sign in. */
  people(): Promise<DemoAccounts>;
  /** Everybody else, many at once. */
  everybody(tell: (sentence: string) => void): Promise<DemoAccounts>;
}

/**
 * Safe to run again, also after a kill in the middle: what an e-mail address or a restaurant's name already stands for is
 * kept, and a menu is finished before anybody may cook it. [DMO7]
 *
 * @param hubUrls of hubs that are up, asked in turns
 * @param signal ends it between two accounts
 */
export async function openPopulating(
  hubUrls: readonly string[],
  plan: DemoPlan,
  signal?: AbortSignal,
): Promise<Populating> {
  const [first = ""] = hubUrls;
  const { accessToken } = await makeApi({ baseUrl: first }).call("session.open", {
    email: DEMO_ADMIN.email,
    password: DEMO_ADMIN.password,
  });
  const inTurn = (token: () => string | undefined) => (index: number) =>
    makeApi({ baseUrl: hubUrls[index % hubUrls.length] ?? first, token });
  const admin = inTurn(() => accessToken);
  const office: Office = { admin, anybody: inTurn(() => undefined), known: await whatIsThere(admin(0)), plan, signal };
  const dispatcher = login("dispatcher");
  return {
    async people() {
      await addStaff(admin(0), office.known, { ...dispatcher, name: "Demo dispatcher", role: "dispatcher" });
      await addStaff(admin(0), office.known, { ...login("support"), name: "Demo support", role: "support" });
      const [couriers, customers, kitchens] = [
        await takeOn(office, 1),
        await register(office, 1),
        await openKitchens(office, 1),
      ];
      const [own] = plan.customers;
      if (own) await giveAddress(first, own);
      return { dispatcher, couriers, customers, kitchens };
    },
    async everybody(tell) {
      const couriers = await takeOn(office, plan.couriers.length);
      tell(`${couriers.length} couriers are there`);
      const kitchens = await openKitchens(office, plan.restaurants.length);
      await closeOthers(office);
      tell(`${kitchens.length} restaurants are there, with their menus`);
      const customers = await register(office, plan.customers.length);
      tell(`${customers.length} customers are there`);
      return { dispatcher, couriers, kitchens, customers };
    },
  };
}

/** Who fills the market, and what was there before. */
interface Office {
  /** The administrator at one hub or another. */
  readonly admin: (index: number) => Api;
  readonly anybody: (index: number) => Api;
  readonly known: Known;
  readonly plan: DemoPlan;
  readonly signal: AbortSignal | undefined;
}

function openKitchens({ admin, known, plan, signal }: Office, count: number): Promise<DemoAccounts["kitchens"]> {
  const open = async (restaurant: DemoRestaurant, index: number) => {
    const account = login(kitchenLogin(restaurant.name));
    const staff = { ...account, name: `Kitchen of ${restaurant.name}`.slice(0, 80) };
    const restaurantId = await openKitchen(admin(index), known, restaurant, staff);
    return { ...account, restaurantId, restaurantName: restaurant.name };
  };
  return inTurns(plan.restaurants.slice(0, count), AT_ONCE, open, signal);
}

/**
 * The first half of a kitchen's e-mail address. It follows from the restaurant alone: in a plan of another size, or of a
 * later version, the same login cooks for the same house.
 */
export function kitchenLogin(restaurantName: string): string {
  const words = fold(restaurantName)
    .split(/[^a-z0-9]+/u)
    .filter((word) => word !== "");
  const slug = words.join("-").slice(0, 40);
  // Two long names may begin alike, and a name may be in letters that do not fold.
  return slug.length === words.join("-").length && slug !== ""
    ? `kitchen.${slug}`
    : `kitchen.${slug}${seedOf(restaurantName)}`;
}

function takeOn({ admin, known, plan, signal }: Office, count: number): Promise<readonly Login[]> {
  const take = async ({ vehicle }: DemoPlan["couriers"][number], index: number) => {
    const account = login(`courier${index + 1}`);
    const name = `Courier ${index + 1}`;
    if (!known.couriers.has(name)) {
      await orKnown(admin(index).call("courier.create", { marketId, ...account, name, vehicle }));
      known.couriers.add(name);
    }
    return account;
  };
  return inTurns(plan.couriers.slice(0, count), AT_ONCE, take, signal);
}

function register({ anybody, plan, signal }: Office, count: number): Promise<readonly Login[]> {
  const one = async (_: unknown, index: number) => {
    const account = login(`customer${index + 1}`);
    await orKnown(anybody(index).call("account.register", { ...account, name: `Customer ${index + 1}` }));
    return account;
  };
  return inTurns(plan.customers.slice(0, count), AT_ONCE, one, signal);
}

/** What is there: what is made is added, since people's own come first and everybody's after. */
interface Known {
  /** By name. */
  readonly restaurants: Map<string, KnownRestaurant>;
  /** As `postOf` writes them; a kitchen is given its own when its menu is complete. */
  readonly staff: Set<string>;
  /** By name. */
  readonly couriers: Set<string>;
}

type KnownRestaurant = Pick<RestaurantView, "id" | "name" | "description" | "hours">;

/** Who is staff of what: an address alone may be another restaurant's. */
function postOf({ email, restaurantId = null }: Pick<CommandInput<"staff.add">, "email" | "restaurantId">): string {
  return `${email} ${restaurantId}`;
}

async function whatIsThere(admin: Api): Promise<Known> {
  const restaurants = new Map<string, KnownRestaurant>();
  const couriers = new Set<string>();
  const { staff } = await admin.call("staff.list", { marketId });
  await allPages(async (cursor) => {
    const page = await admin.call("restaurants.near", { marketId, limit: 100, ...cursor });
    for (const each of page.restaurants) restaurants.set(each.name, each);
    return page.nextCursor;
  });
  await allPages(async (cursor) => {
    const page = await admin.call("couriers.list", { marketId, limit: 500, ...cursor });
    for (const { name } of page.couriers) couriers.add(name);
    return page.nextCursor;
  });
  return { restaurants, staff: new Set(staff.map(postOf)), couriers };
}

/** Asks for page after page until there is no next one. */
async function allPages(ask: (cursor: { readonly cursor?: string }) => Promise<string | null>): Promise<void> {
  let next: string | null = await ask({});
  // oxlint-disable-next-line no-await-in-loop -- one page names the next
  while (next !== null) next = await ask({ cursor: next });
}

async function openKitchen(
  admin: Api,
  known: Known,
  restaurant: DemoRestaurant,
  account: Login & { readonly name: string },
): Promise<string> {
  const { name, description, hours } = restaurant;
  const there = known.restaurants.get(name);
  const restaurantId = there?.id ?? (await addRestaurant(admin, restaurant));
  const staff = { ...account, role: "kitchen", restaurantId } as const;
  if (there) await keepHours(admin, known, there, hours);
  else known.restaurants.set(name, { id: restaurantId, name, description, hours: [...hours] });
  if (known.staff.has(postOf(staff))) return restaurantId;
  await saveMenu(admin, restaurantId, restaurant);
  await addStaff(admin, known, staff);
  return restaurantId;
}

/** Restaurants of a larger plan stay, but nobody cooks there any more: they are closed until a plan has them again. */
async function closeOthers({ admin, known, plan, signal }: Office): Promise<void> {
  const planned = new Set(plan.restaurants.map(({ name }) => name));
  const others = [...known.restaurants.values()].filter(
    ({ name, description }) => description === DEMO_WORDS && !planned.has(name),
  );
  await inTurns(others, AT_ONCE, (each, index) => keepHours(admin(index), known, each, []), signal);
}

/** Another start may ask for real hours, or for doors that are always open. */
async function keepHours(
  admin: Api,
  known: Known,
  restaurant: KnownRestaurant,
  hours: DemoRestaurant["hours"],
): Promise<void> {
  if (isDeepStrictEqual(restaurant.hours, hours)) return;
  const { id: restaurantId, name } = restaurant;
  known.restaurants.set(name, await admin.call("restaurant.set-hours", { marketId, restaurantId, hours: [...hours] }));
}

async function addStaff(admin: Api, known: Known, staff: Omit<CommandInput<"staff.add">, "marketId">): Promise<void> {
  const post = postOf(staff);
  if (known.staff.has(post)) return;
  await orKnown(admin.call("staff.add", { marketId, ...staff }));
  known.staff.add(post);
}

/** An account that is there already is what a second start finds. */
async function orKnown(asked: Promise<unknown>): Promise<void> {
  await asked.catch((error: unknown) => {
    if (!(error instanceof Error && "code" in error && error.code === "account.exists")) throw error;
  });
}

/** The first customer has said where to bring the food, so that a person can order at once. */
async function giveAddress(baseUrl: string, { line, point }: DemoPlan["customers"][number]): Promise<void> {
  const { accessToken } = await makeApi({ baseUrl }).call("session.open", login("customer1"));
  const api = makeApi({ baseUrl, token: () => accessToken });
  const id = idOf("address", "customer1");
  const { addresses } = await api.call("addresses.list", {});
  if (addresses.length === 0) await api.call("address.save", { id, label: "Home", line, point });
}
