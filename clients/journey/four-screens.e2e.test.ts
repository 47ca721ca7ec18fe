import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { encodeCity } from "#shared/domain/city/city-file.ts";
import { loadGazetteer } from "#shared/server/geocoding/load-gazetteer.ts";
import { gridCity } from "#shared/testing/grid-city.ts";

import { buildClients, CLIENT_DIST } from "../../deploy/local/build-clients.ts";
import { findChromium } from "../../deploy/local/chromium.ts";
import { DEMO_MARKET } from "../../deploy/demo/market.ts";
import type { DemoPlan } from "../../deploy/demo/plan.ts";
import { restaurantOf } from "../../deploy/demo/restaurants.ts";
import { DEMO_ADMIN, openPopulating, type DemoAccounts } from "../../deploy/local/populate.ts";
import { openMarket } from "../../deploy/local/seed.ts";
import { startSystem, type RunningSystem } from "../../deploy/local/system.ts";
import { DAY } from "../common/map/map-colors.ts";
import { openBrowser, openScreen, ride, signIn, type OpenScreen } from "./browser.ts";

const executablePath = findChromium();
/** Set to a folder to keep pictures of the screens: `JOURNEY_PICTURES=docs/pictures npx vitest run --project journey …`. */
const PICTURES = process.env["JOURNEY_PICTURES"];

const at = { lat: -34.9062, lng: -56.1913 };
const restaurant = restaurantOf({
  name: "Pizzería del Centro",
  kind: "restaurant",
  food: true,
  cuisines: ["pizza"],
  openingHours: null,
  addressLine: "By the square",
  point: at,
});
const dish = restaurant.menu[0]?.items[0]?.name ?? "";
const plan: DemoPlan = {
  restaurants: [restaurant],
  couriers: [{ start: at, vehicle: "bicycle" }],
  customers: [{ point: { lat: at.lat + 0.006, lng: at.lng + 0.003 }, line: "Calle Larga 12" }],
};

/** At the market's centre. */
const NEAR_DOOR = "Calle 2 1200";
/** Three streets to the north and two avenues to the east of it. */
const FAR_DOOR = "Calle 5 1400";
/** The corner of a small city of which the near door is at the market's centre. */
const CITY_AT = { lat: DEMO_MARKET.center.lat - 0.0018, lng: DEMO_MARKET.center.lng - 0.0025 };
/** Wall ms within which one screen must show what happened on another; a busy machine is slow, not wrong. */
const LIVE_MS = 30_000;

async function picture(page: Page, name: string): Promise<void> {
  if (!PICTURES) return;
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}

/** How many pixels of a picture have exactly this colour. */
async function pixelsOf(page: Page, png: Buffer, color: string): Promise<number> {
  const look = async ({ base64, wanted }: { base64: string; wanted: string }): Promise<number> => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const pen = new OffscreenCanvas(image.width, image.height).getContext("2d");
    pen?.drawImage(image, 0, 0);
    const dots = new Uint32Array(pen?.getImageData(0, 0, image.width, image.height).data.buffer ?? []);
    // As it lies in memory: blue, green, red from above.
    const [red, green, blue] = [1, 3, 5].map((digit) => Number.parseInt(wanted.slice(digit, digit + 2), 16));
    return dots.filter((dot) => (dot & 0xff_ff_ff) === (((blue ?? 0) << 16) | ((green ?? 0) << 8) | (red ?? 0))).length;
  };
  return page.evaluate(look, { base64: png.toString("base64"), wanted: color });
}

/** The number first, and two letters in the wrong order. */
function mistyped(door: string): string {
  const [, street = "", number = ""] = /^(.+) (\d+)$/u.exec(door) ?? [];
  return `${number} ${street.replace("Calle", "clale")}`;
}

describe.skipIf(executablePath === undefined)(
  "four screens (skipped without a browser: apt-get install chromium, or set CHROMIUM)",
  () => {
    const dir = mkdtempSync(join(tmpdir(), "tiffin-four-screens-"));
    let system: RunningSystem | undefined;
    let browser: Browser | undefined;
    let accounts: DemoAccounts;
    let hubs: readonly string[];

    beforeAll(async () => {
      await buildClients(() => undefined);
      system = await startSystem({
        dir,
        hubs: 2,
        workers: 1,
        payments: "sandbox",
        env: { CLIENT_DIST, CITY_DIR: cityFolder() },
        prepare: async (url) => {
          await openMarket(url, { market: DEMO_MARKET, admin: DEMO_ADMIN });
          await loadGazetteer(url, DEMO_MARKET.id, gridCity({ southWest: CITY_AT }), () => undefined);
        },
      });
      hubs = system.hubUrls;
      accounts = await (await openPopulating(hubs, plan)).people();
      browser = await openBrowser(executablePath ?? "");
    });

    afterAll(async () => {
      await browser?.close();
      await system?.stop();
      rmSync(dir, { recursive: true, force: true });
    });

    /** A city of its own around the demo market; with the setting CITY_DIR, for pictures, that folder's. */
    function cityFolder(): string {
      const folder = process.env["CITY_DIR"] ?? join(dir, "cities");
      if (process.env["CITY_DIR"]) return folder;
      mkdirSync(folder, { recursive: true });
      const city = gridCity({ size: 40, southWest: { lat: -34.925, lng: -56.21 } });
      writeFileSync(join(folder, "grid.city.gz"), gzipSync(encodeCity(city)));
      return folder;
    }

    /** Each person on the other hub than the one before. */
    async function openAll() {
      const [one = "", two = ""] = hubs;
      if (!browser) throw new Error("there is no browser");
      const desk = { width: 1280, height: 860 };
      const customer = await openScreen(browser, { url: `${one}/`, ...desk });
      const kitchen = await openScreen(browser, { url: `${two}/kitchen`, ...desk });
      const courier = await openScreen(browser, {
        url: `${one}/courier/`,
        width: 412,
        height: 892,
        phoneAt: { lat: restaurant.point.lat + 0.001, lng: restaurant.point.lng - 0.0007 },
        colors: "dark",
      });
      const ops = await openScreen(browser, { url: `${two}/ops`, width: 1440, height: 900 });
      return { customer, kitchen, courier, ops };
    }

    test("an order goes from the menu to the door, seen on all four screens", async ({ onTestFailed }) => {
      const screens = await openAll();
      onTestFailed(async () => {
        for (const [name, { page, errors }] of Object.entries(screens)) {
          await picture(page, `failed-${name}`);
          if (errors.length > 0) process.stderr.write(`${name}'s page said: ${errors.join("; ")}\n`);
        }
      });
      const { customer, kitchen, courier, ops } = screens;
      for (const { page } of Object.values(screens)) page.setDefaultTimeout(LIVE_MS);
      const [kitchenLogin] = accounts.kitchens;
      const [courierLogin] = accounts.couriers;
      const [customerLogin] = accounts.customers;
      if (!kitchenLogin || !courierLogin || !customerLogin) throw new Error("the demo market has nobody in it");

      await signIn(kitchen.page, kitchenLogin);
      await signIn(ops.page, accounts.dispatcher);
      await goOnShift(courier, courierLogin);

      const code = await orderAndPay(customer.page, customerLogin);
      await ops.page.getByRole("button", { name: `Open order ${code}` }).click();
      const story = ops.page.getByLabel("Order", { exact: true });
      await story.getByText("Created", { exact: true }).waitFor();

      const ticket = kitchen.page.getByRole("article", { name: `Ticket ${code}` });
      await ticket
        .getByRole("button", { name: /^Confirm, ready in/u })
        .first()
        .click();
      await customer.page.getByRole("heading", { name: "The kitchen has taken your order" }).waitFor();
      await ticket.getByRole("button", { name: "Start cooking" }).click();
      await customer.page.getByRole("heading", { name: "Your food is being cooked" }).waitFor();
      await picture(kitchen.page, "kitchen");
      await ticket.getByRole("button", { name: "Ready", exact: true }).click();
      await customer.page.getByRole("heading", { name: "Ready, waiting for its courier" }).waitFor();

      await takeOffer(courier);
      await ticket.getByText("Courier 1", { exact: false }).waitFor();
      await rideToTheDoor(screens, code);

      await customer.page.getByRole("heading", { name: "Delivered", exact: true }).waitFor();
      await courier.page.getByText(`${code} delivered at`, { exact: false }).waitFor();
      await story.getByText("Delivered", { exact: true }).waitFor();
      await story.getByText("order.delivered", { exact: true }).waitFor();
      const goneOut = kitchen.page.getByRole("region", { name: "Gone out" });
      await goneOut.getByText(`${code} · delivered`, { exact: false }).waitFor();
      // Food that is out of the house is off the kitchen's tickets.
      expect(await ticket.count()).toBe(0);
      await scrubThrough(ops.page);
      await picture(customer.page, "customer-delivered");
      await picture(kitchen.page, "kitchen-delivered");
      await picture(ops.page, "operator");
      await picture(courier.page, "courier-delivered");
      await courier.page.getByRole("button", { name: "End shift" }).click();
      await courier.page.getByRole("heading", { name: "Off duty" }).waitFor();
      for (const [name, { errors }] of Object.entries(screens)) expect(errors, `${name}'s page`).toEqual([]);
    });

    test("[DMO12] [DMO14] a courier whose phone has no place rides from the chair", async ({ onTestFailed }) => {
      const [one = ""] = hubs;
      const [kitchenLogin] = accounts.kitchens;
      const [courierLogin] = accounts.couriers;
      const [customerLogin] = accounts.customers;
      if (!browser || !kitchenLogin || !courierLogin || !customerLogin)
        throw new Error("the demo market has nobody in it");
      const customer = await openScreen(browser, { url: `${one}/`, width: 1280, height: 860 });
      const kitchen = await openScreen(browser, { url: `${one}/kitchen`, width: 1280, height: 860 });
      const courier = await openScreen(browser, { url: `${one}/courier/`, width: 412, height: 892 });
      onTestFailed(async () => picture(courier.page, "failed-demo-ride"));
      for (const { page } of [customer, kitchen, courier]) page.setDefaultTimeout(LIVE_MS);
      const { page } = courier;
      const press = (name: string) => page.getByRole("button", { name, exact: true }).click();

      await signIn(page, courierLogin);
      await page.getByText("You are not in this city", { exact: false }).waitFor();
      await page.getByRole("switch", { name: "Ride without leaving your chair (demo)" }).check();
      await page.getByText("Demo ride: your place is made up.").waitFor();
      await picture(page, "courier-demo-off-duty");
      await press("Go on shift");
      await page.getByRole("heading", { name: "Waiting for an offer" }).waitFor();

      // Half a kilometre from where the chair stands: the ride to the door outlasts a slow screen.
      const code = await orderAndPay(customer.page, customerLogin, FAR_DOOR);
      await signIn(kitchen.page, kitchenLogin);
      const ticket = kitchen.page.getByRole("article", { name: `Ticket ${code}` });
      const confirm = ticket.getByRole("button", { name: /^Confirm, ready in/u });
      await confirm.first().click();
      await ticket.getByRole("button", { name: "Start cooking" }).click();
      await ticket.getByRole("button", { name: "Ready", exact: true }).click();
      await takeOffer(courier);
      await press("Set out");
      await press("I am at the restaurant");
      await press("Picked up");
      await press("On my way");
      const pin = customer.page.getByRole("img", { name: "Courier 1" });
      await pin.waitFor();
      const seenAt = await pin.boundingBox();
      // Nobody moves the phone: it rides, and the customer's map shows it.
      await expect.poll(() => pin.boundingBox(), { timeout: LIVE_MS, interval: 500 }).not.toEqual(seenAt);
      await customer.page.getByText(/in about \d+ min|any minute/u).waitFor();
      await picture(customer.page, "customer-countdown");
      await picture(page, "courier-demo-ride");
    });

    /** From the order's story into its black box: the customer's panel says what the customer saw, and when. */
    async function scrubThrough(page: Page): Promise<void> {
      await page.getByRole("link", { name: "Black box", exact: true }).click();
      const saw = page.getByRole("region", { name: "Customer saw" });
      await saw.getByText("Delivered", { exact: true }).waitFor();
      await picture(page, "black-box");
      const log = page.getByRole("region", { name: "What happened" });
      await log.getByRole("button", { name: /delivery[.]arrived_at_merchant/u }).click();
      await saw.getByText("Ready, waiting for its courier").waitFor();
      await saw.getByText("no", { exact: true }).waitFor();
      await page.getByRole("region", { name: "Courier saw" }).getByText("Arrived at merchant").waitFor();
      await page.getByRole("button", { name: "Next event" }).click();
      await saw.getByText("On the way to you").waitFor();
      await page.goBack();
      await page.getByRole("region", { name: /^Map of/u }).waitFor();
    }

    async function goOnShift(screen: OpenScreen, login: { email: string; password: string }): Promise<void> {
      const { page } = screen;
      await signIn(page, login);
      await page.getByRole("button", { name: "2 hours" }).click();
      await picture(page, "courier-off-duty");
      await page.getByRole("button", { name: "Go on shift" }).click();
      await page.getByRole("heading", { name: "Waiting for an offer" }).waitFor();
      await picture(page, "courier-waiting");
    }

    /** Typed with an error and without its kind, found, and taken by the keyboard. */
    async function chooseAddress(page: Page, door: string): Promise<void> {
      await page.getByRole("button", { name: "Change address" }).click();
      await page.getByRole("combobox", { name: "Address" }).fill(mistyped(door));
      await page.getByRole("option", { name: new RegExp(`^${door}`, "u") }).waitFor();
      await picture(page, "customer-address");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Deliver here" }).click();
      await page.getByText(door, { exact: true }).waitFor();
    }

    /** @returns the number of the order */
    async function orderAndPay(
      page: Page,
      login: { email: string; password: string },
      door: string = NEAR_DOOR,
    ): Promise<string> {
      await picture(page, "customer-restaurants");
      await page.getByRole("link", { name: restaurant.name }).click();
      await page.getByRole("button", { name: new RegExp(`^${dish}`, "u") }).click();
      await page.getByRole("radio", { name: /^For two/u }).check();
      await page.getByRole("button", { name: /^Add/u }).click();
      await picture(page, "customer-menu");
      await page.getByRole("link", { name: /^Checkout/u }).click();
      await chooseAddress(page, door);
      await signIn(page, login);
      await page.getByRole("button", { name: /^Place order/u }).click();
      await page.getByRole("button", { name: /^Approved/u }).click();
      await picture(page, "customer-pay");
      await page.getByRole("button", { name: "Pay now" }).click();
      await page.getByRole("heading", { name: "Waiting for the kitchen" }).waitFor();
      const line = await page.getByText(/· order \w+$/u).innerText();
      return line.split(/order /iu).at(-1) ?? "";
    }

    async function takeOffer({ page }: OpenScreen): Promise<void> {
      await page.getByRole("timer").waitFor();
      await page.getByRole("button", { name: "Accept" }).waitFor();
      await picture(page, "courier-offer");
      await page.getByRole("button", { name: "Accept" }).click();
    }

    /** The customer's map has the city's streets on it, and the notice that their licence asks for. */
    async function expectStreets(page: Page): Promise<void> {
      const map = page.getByRole("region", { name: "Map of your order" });
      const notice = map.getByRole("link", { name: "© OpenStreetMap contributors" });
      expect(await notice.getAttribute("href")).toBe("https://www.openstreetmap.org/copyright");
      await expect
        .poll(async () => pixelsOf(page, await map.screenshot(), DAY.street), { timeout: LIVE_MS, interval: 500 })
        .toBeGreaterThan(500);
    }

    /** Rides on, thirty metres at a time, until the customer's map shows the courier: one position may be dropped. */
    async function rideUntilSeen(courier: OpenScreen, page: Page, from: { lat: number; lng: number }): Promise<void> {
      const pin = page.getByRole("img", { name: "Courier 1" });
      for (let step = 1; step <= 15; step += 1) {
        await ride(courier, { lat: from.lat, lng: from.lng + 0.00033 * step });
        const isSeen = await pin.waitFor({ timeout: 4_000 }).then(
          () => true,
          () => false,
        );
        if (isSeen) return;
      }
      throw new Error("the courier rode half a kilometre with the food, and the customer's map never showed it");
    }

    async function rideToTheDoor(screens: Awaited<ReturnType<typeof openAll>>, code: string): Promise<void> {
      const { courier, customer, ops } = screens;
      const press = (name: string) => courier.page.getByRole("button", { name, exact: true }).click();
      await courier.page.getByRole("article", { name: `Order ${code}` }).waitFor();
      await press("Set out");
      const kitchenAt = restaurant.point;
      await ride(courier, kitchenAt);
      await press("I am at the restaurant");
      await picture(courier.page, "courier-pickup");
      await press("Picked up");
      await customer.page.getByRole("heading", { name: "On the way to you" }).waitFor();
      await press("On my way");
      await rideUntilSeen(courier, customer.page, kitchenAt);
      await expectStreets(customer.page);
      await picture(customer.page, "customer-track");
      await picture(courier.page, "courier-drop");
      await ops.page.getByText("delivery.delivery_ongoing", { exact: true }).waitFor();
      await ride(courier, DEMO_MARKET.center);
      await press("I am at the door");
      await press("Handed over");
    }
  },
);
