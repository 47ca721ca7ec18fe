/**
 * `npm run pictures -- --url http://127.0.0.1:3000`: takes the README's pictures of a running demo, as a newcomer would see
 * it. Needs Chromium (apt-get install chromium, or CHROMIUM).
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";

import type { Browser, Page } from "playwright-core";

import { makeApi, type Api } from "#shared/client/rest-client.ts";

import { openBrowser, openScreen, signIn, type OpenScreen, type ScreenOptions } from "../clients/journey/browser.ts";
import { DEMO_MARKET } from "./demo/market.ts";
import { lookAsOffice } from "./demo/watch-demo.ts";
import { findChromium } from "./local/chromium.ts";
import { PROJECT } from "./local/folders.ts";
import { DEMO_PASSWORD } from "./local/populate.ts";
import type { Login } from "./local/seed.ts";

const { values } = parseArgs({
  options: {
    url: { type: "string", default: "http://127.0.0.1:3000" },
    out: { type: "string", default: join(PROJECT, "docs/pictures") },
    /** One of the pictures alone. */
    only: { type: "string" },
  },
});
const marketId = DEMO_MARKET.id;
const DESK = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 780 };
/** Wall ms: for a map to be drawn without a graphics card, and for something to happen. */
const DRAWN_MS = 25_000;
const PATIENCE_MS = 180_000;
/** How many of the demo's people are asked for what is to be seen. */
const PEOPLE = 72;

const login = (name: string): Login => ({ email: `${name}@demo.tiffin.example`, password: DEMO_PASSWORD });
const executablePath = findChromium();
if (executablePath === undefined) throw new Error("There is no Chromium: apt-get install chromium, or set CHROMIUM.");
const office = await lookAsOffice(values.url, login("dispatcher"));
const browser = await openBrowser(executablePath);

const PICTURES: Readonly<Record<string, (browser: Browser) => Promise<void>>> = {
  operator: takeOperator,
  "order-story": takeStory,
  "customer-track": takeCustomer,
  kitchen: takeKitchen,
  "courier-offer": takeOffer,
};
mkdirSync(values.out, { recursive: true });
let failed = 0;
for (const [name, take] of Object.entries(PICTURES)) {
  if (values.only !== undefined && values.only !== name) continue;
  try {
    // oxlint-disable-next-line no-await-in-loop -- one browser, two cores
    await take(browser);
    process.stdout.write(`${name}.png\n`);
  } catch (error) {
    failed += 1;
    process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}
await browser.close();
process.exitCode = failed > 0 ? 1 : 0;

async function open(path: string, options: Omit<ScreenOptions, "url">): Promise<OpenScreen> {
  const screen = await openScreen(browser, { url: `${values.url}${path}`, ...options });
  screen.page.setDefaultTimeout(PATIENCE_MS);
  return screen;
}

async function shoot(page: Page, name: string, wait = DRAWN_MS): Promise<void> {
  await page.waitForTimeout(wait);
  await page.screenshot({ path: join(values.out, `${name}.png`) });
  await page.context().close();
}

async function takeOperator(): Promise<void> {
  const { page } = await open("/ops", { ...DESK, colors: "dark" });
  await signIn(page, login("dispatcher"));
  await shoot(page, "operator", 2 * DRAWN_MS);
}

async function takeStory(): Promise<void> {
  const { orders } = await office.call("ops.board", { marketId });
  const order =
    orders.find(({ status }) => status === "DELIVERED") ?? orders.find(({ status }) => status === "IN_DELIVERY");
  if (!order) throw new Error("no order is far enough for a story; try again in a minute");
  const { page } = await open(`/ops/${marketId}/orders/${order.id}/replay`, DESK);
  await signIn(page, login("dispatcher"));
  await shoot(page, "order-story", 2 * DRAWN_MS);
}

async function takeCustomer(): Promise<void> {
  const { account, orderId } = await someoneOnTheWay();
  const { page } = await open("/orders", { ...DESK, height: 860 });
  await signIn(page, account);
  await page.getByText("Sign out", { exact: true }).waitFor();
  await page.goto(`${values.url}/orders/${orderId}`);
  await page.getByRole("heading", { name: "On the way to you" }).waitFor();
  await shoot(page, "customer-track");
}

/** A customer whose food is being brought, picked up last, so that it is still on the way when it is looked at. */
async function someoneOnTheWay(): Promise<{ account: Login; orderId: string }> {
  const found: { account: Login; orderId: string; pickedUpAtMs: number }[] = [];
  for (let number = 2; number <= PEOPLE; number += 1) {
    const account = login(`customer${number}`);
    // oxlint-disable-next-line no-await-in-loop -- the hub answers others too
    const { orders } = await (await as(account)).call("orders.mine", {});
    const order = orders.find(({ status }) => status === "IN_DELIVERY");
    if (order) found.push({ account, orderId: order.id, pickedUpAtMs: order.pickedUpAtMs ?? 0 });
  }
  const [latest] = found.toSorted((a, b) => b.pickedUpAtMs - a.pickedUpAtMs);
  if (!latest) throw new Error("nobody's food is on the way; try again in a minute");
  return latest;
}

async function as(account: Login): Promise<Api> {
  return await lookAsOffice(values.url, account);
}

async function takeKitchen(): Promise<void> {
  const { staff } = await office.call("staff.list", { marketId }).catch(async () => {
    return await (await as(login("admin"))).call("staff.list", { marketId });
  });
  const { orders } = await office.call("ops.board", { marketId });
  const cooking = orders.filter(({ status }) => ["CREATED", "CONFIRMED", "PREPARING", "READY"].includes(status));
  const busy = (restaurantId: string | null): number =>
    cooking.filter((order) => order.restaurantId === restaurantId).length;
  const kitchens = staff.filter(({ role, restaurantId }) => role === "kitchen" && restaurantId !== null);
  const [busiest] = kitchens.toSorted((a, b) => busy(b.restaurantId) - busy(a.restaurantId));
  if (!busiest) throw new Error("there is no kitchen");
  const { page } = await open("/kitchen", DESK);
  await signIn(page, { email: busiest.email, password: DEMO_PASSWORD });
  await page.getByRole("article").first().waitFor();
  await shoot(page, "kitchen", 1_500);
}

async function takeOffer(): Promise<void> {
  const { restaurants } = await makeApi({ baseUrl: values.url }).call("restaurants.near", { marketId, limit: 100 });
  const middle = restaurants[Math.floor(restaurants.length / 2)]?.point ?? DEMO_MARKET.center;
  const { page } = await open("/courier/", { ...PHONE, phoneAt: middle, colors: "dark" });
  await signIn(page, login("courier1"));
  const go = page.getByRole("button", { name: "Go on shift" });
  await go
    .or(page.getByRole("heading", { name: "Waiting for an offer" }))
    .or(page.getByRole("timer"))
    .first()
    .waitFor();
  if (await go.isVisible()) await go.click();
  await page.getByRole("timer").waitFor();
  // The ring goes on while the map is drawn: short, so that there is something left of it.
  await page.waitForTimeout(5_000);
  await page.screenshot({ path: join(values.out, "courier-offer.png") });
  await page.getByRole("button", { name: "Decline" }).click();
  await page.getByRole("button", { name: "I need a break" }).click();
  await page.waitForTimeout(2_000);
  await page.context().close();
}
