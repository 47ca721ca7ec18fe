import { randomBytes, randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

import type { Api } from "../../shared/client/rest-client.ts";
import type { Point } from "../../shared/contracts/geo.ts";
import { offsetBy } from "../../shared/domain/geo/distance.ts";
import { inTurns } from "../../shared/lib/in-turns.ts";
import { openActorSession, patientApi } from "../actors/session.ts";
import { castFile, type CastFile } from "../twin/live/cast-file.ts";
import type { ArtilleryArgs } from "./args.ts";
import { marketAt } from "./play/deployment.ts";

/** No more requests at once than a hub takes gladly; sign-ups wait for its limit of each minute. */
const AT_ONCE = 4;
const WITHIN_M = 1_500;
const ALWAYS = Array.from({ length: 7 }, (_, weekday) => ({ weekday, opensMinute: 0, closesMinute: 1440 }));
const DISHES = ["small", "usual", "large", "for two"] as const;
const FIRST_PRICE_MINOR = 900;
const NEXT_PRICE_MINOR = 250;

/**
 * Makes restaurants with a menu and a cook each, couriers and customers through the administration API, as an operator
 * would, and writes who they are into a file that none but its owner may read.
 *
 * @throws Refusal what the platform refused
 */
export async function makeAccounts(args: ArtilleryArgs, file: string, tell: (sentence: string) => void): Promise<void> {
  const { admin, market, marketId, anybody } = await officeOf(args);
  const around = placesAround(market.center);
  // Another run makes other people: nobody's password is needed again but those in the file.
  const tag = randomBytes(3).toString("hex");
  const account = (trade: string, index: number) => ({
    email: `${trade}-${index}-${tag}@load.example`,
    password: randomUUID(),
    name: `Load test ${trade} ${index}`,
  });
  const kitchens = await inTurns(numbered(args.kitchens), AT_ONCE, async (index) => {
    const { name, ...login } = account("kitchen", index);
    const restaurantId = await openRestaurant(admin, marketId, `Load test kitchen ${index} (${tag})`, around(index));
    await admin.call("staff.add", { ...login, name, marketId, role: "kitchen", restaurantId });
    return { ...login, restaurantId };
  });
  tell(`${kitchens.length} kitchens`);
  const couriers = await inTurns(numbered(args.couriers), AT_ONCE, async (index) => {
    const { name, ...login } = account("courier", index);
    await admin.call("courier.create", { ...login, name, marketId, vehicle: "motorbike", capacity: 3 });
    return { ...login, start: around(index), vehicle: "motorbike" as const };
  });
  tell(`${couriers.length} couriers`);
  const customers = await inTurns(numbered(args.customers), AT_ONCE, async (index) => {
    const { name, ...login } = account("customer", index);
    await anybody.call("account.register", { ...login, name });
    return { ...login, drop: around(index), dropLine: "Load test" };
  });
  tell(`${customers.length} customers`);
  const cast: CastFile = { kitchens, couriers, customers };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(cast, undefined, 2)}\n`, { mode: 0o600 });
  tell(`written to ${file}`);
}

/** Takes the restaurants of an accounts file out of the market; what they have cooked stays in the books. */
export async function retireAccounts(
  args: ArtilleryArgs,
  file: string,
  tell: (sentence: string) => void,
): Promise<void> {
  const { admin, marketId } = await officeOf(args);
  const { kitchens } = castFile.parse(JSON.parse(readFileSync(file, "utf8")));
  await inTurns(kitchens, AT_ONCE, ({ restaurantId }) =>
    admin.call("restaurant.change", { marketId, restaurantId, active: false }),
  );
  tell(`${kitchens.length} restaurants are gone from the market`);
}

async function officeOf({ target, admin: email, market: named }: ArtilleryArgs) {
  const password = process.env["TIFFIN_ADMIN_PASSWORD"];
  if (email === undefined || password === undefined) {
    throw new Error("an administrator makes accounts: give --admin EMAIL and TIFFIN_ADMIN_PASSWORD");
  }
  const hubUrls = [target];
  const { market, marketId } = await marketAt(hubUrls, named);
  const { api: admin } = await openActorSession({ hubUrls, email, password });
  return { admin, market, marketId, anybody: patientApi({ hubUrls }) };
}

/** Places on a spiral around the middle: apart from each other, the same for every run. */
function placesAround(center: Point): (index: number) => Point {
  return (index) => {
    const angle = index * 2.4;
    const awayM = WITHIN_M * Math.sqrt(((index % 50) + 1) / 50);
    return offsetBy(center, Math.sin(angle) * awayM, Math.cos(angle) * awayM);
  };
}

async function openRestaurant(admin: Api, marketId: string, name: string, point: Point): Promise<string> {
  const { id: restaurantId } = await admin.call("restaurant.create", {
    marketId,
    name,
    cuisine: "load test",
    addressLine: "Load test",
    point,
    deliveryRadiusM: 10_000,
    minimumMinor: 0,
    deliveryBaseMinor: 300,
    deliveryPerKmMinor: 100,
    serviceFeeBasisPoints: 500,
    prepMinutes: 5,
    hours: ALWAYS,
  });
  const categoryId = randomUUID();
  await admin.call("category.save", { marketId, restaurantId, id: categoryId, name: "Menu", position: 0 });
  for (const [position, size] of DISHES.entries()) {
    const priceMinor = FIRST_PRICE_MINOR + position * NEXT_PRICE_MINOR;
    const dish = { id: randomUUID(), categoryId, name: `Dish, ${size}`, priceMinor, position };
    // oxlint-disable-next-line no-await-in-loop -- in their order
    await admin.call("item.save", { marketId, restaurantId, ...dish });
  }
  return restaurantId;
}

function numbered(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
