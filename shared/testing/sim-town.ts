import { haversineRouter } from "#shared/domain/router/haversine-router.ts";
import { offsetBy } from "#shared/domain/geo/distance.ts";
import type { Point } from "#shared/domain/geo/point.ts";
import { makeSimPlatform, type SimPlatformOptions } from "#shared/sim/platform.ts";

export const SIM_MARKET = "test-town";
const CENTER = { lat: -34.9, lng: -56.18 };
const PASSWORD = "a simulated password";
const ALWAYS = Array.from({ length: 7 }, (_, weekday) => ({ weekday, opensMinute: 0, closesMinute: 1440 }));

export const SIM_ROUTER = haversineRouter({ speedMps: 5, detour: 1.3 });

/** A place so many metres east and north of the middle of the town. */
export function placeAt(eastM: number, northM: number): Point {
  return offsetBy(CENTER, eastM, northM);
}

export interface SimTownOptions extends Partial<SimPlatformOptions> {
  readonly kitchens: readonly Point[];
  readonly couriers: number;
  readonly customers: number;
}

/** An id that is the same in every run. */
function idOf(number: number): string {
  return `00000000-0000-7000-8000-${number.toString(16).padStart(12, "0")}`;
}

/** A simulated platform with a market, its kitchens with one dish each, couriers, customers and the office. */
export function simTown({ kitchens, couriers, customers, ...options }: SimTownOptions) {
  const platform = makeSimPlatform({
    seed: 1,
    market: {
      id: SIM_MARKET,
      name: "Test town",
      timeZone: "UTC",
      currency: "UYU",
      locale: "en",
      taxBasisPoints: 1000,
      center: CENTER,
      router: SIM_ROUTER,
    },
    ...options,
  });
  const marketId = SIM_MARKET;
  const account = (name: string) => ({ email: `${name}@test.example`, name, password: PASSWORD });
  const inMarket = (role: "admin" | "support" | "dispatcher") => ({ role, marketId, restaurantId: null });
  const adminId = platform.person(account("admin"), inMarket("admin"));
  const ask: typeof platform.ask = (name, input, personId = adminId) => platform.ask(name, input, personId);

  const addKitchen = (point: Point, index: number) => {
    const profile = { name: `Kitchen ${index}`, cuisine: "Anything", addressLine: "Here", point, hours: ALWAYS };
    const prices = { minimumMinor: 1_000, deliveryBaseMinor: 500, deliveryPerKmMinor: 100, serviceFeeBasisPoints: 500 };
    const shape = { marketId, deliveryRadiusM: 20_000, prepMinutes: 10 };
    const { id: restaurantId } = ask("restaurant.create", { ...profile, ...prices, ...shape });
    const [categoryId, itemId] = [idOf(2 * index), idOf(2 * index + 1)];
    ask("category.save", { marketId, restaurantId, id: categoryId, name: "All", position: 0 });
    const dish = { id: itemId, categoryId, name: "Dish", priceMinor: 2_000, position: 0 };
    ask("item.save", { marketId, restaurantId, ...dish });
    const staff = { ...account(`kitchen-${index}`), marketId, role: "kitchen", restaurantId } as const;
    return { restaurantId, itemId, point, personId: ask("staff.add", staff).personId };
  };
  return {
    platform,
    kitchens: kitchens.map(addKitchen),
    couriers: Array.from({ length: couriers }, (_, index) => {
      const vehicle = "bicycle" as const;
      return ask("courier.create", { ...account(`courier-${index}`), marketId, vehicle, capacity: 3 });
    }),
    customers: Array.from(
      { length: customers },
      (_, index) => ask("account.register", account(`customer-${index}`)).person.id,
    ),
    supportId: platform.person(account("support"), inMarket("support")),
    dispatcherId: platform.person(account("dispatcher"), inMarket("dispatcher")),
  };
}
