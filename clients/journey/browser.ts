import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";

/** A headless Chromium that draws maps without a graphics card and asks nobody outside for anything. */
export async function openBrowser(executablePath: string): Promise<Browser> {
  return await chromium.launch({
    executablePath,
    args: [
      "--headless=new",
      "--no-sandbox",
      "--disable-gpu",
      "--use-angle=swiftshader",
      "--enable-unsafe-swiftshader",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
      "--autoplay-policy=no-user-gesture-required",
    ],
  });
}

export interface ScreenOptions {
  readonly url: string;
  readonly width: number;
  readonly height: number;
  /** A phone: touch, and a GPS that stands here. */
  readonly phoneAt?: { readonly lat: number; readonly lng: number };
  readonly colors?: "light" | "dark";
}

export interface OpenScreen {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What went wrong in the page: thrown and not caught, or said on its console as an error. */
  readonly errors: readonly string[];
}

/** One person at one screen, with a session of their own. */
export async function openScreen(browser: Browser, options: ScreenOptions): Promise<OpenScreen> {
  const { phoneAt } = options;
  const context = await browser.newContext({
    viewport: { width: options.width, height: options.height },
    colorScheme: options.colors ?? "light",
    locale: "en-GB",
    ...(phoneAt
      ? {
          hasTouch: true,
          isMobile: true,
          deviceScaleFactor: 2,
          permissions: ["geolocation"],
          geolocation: { latitude: phoneAt.lat, longitude: phoneAt.lng, accuracy: 6 },
        }
      : {}),
  });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  await page.goto(options.url);
  return { context, page, errors };
}

export interface Login {
  readonly email: string;
  readonly password: string;
}

/** Fills the sign-in form that stands on the page. */
export async function signIn(page: Page, { email, password }: Login): Promise<void> {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).last().click();
}

/** Moves the phone. */
export async function ride({ context }: OpenScreen, to: { readonly lat: number; readonly lng: number }): Promise<void> {
  await context.setGeolocation({ latitude: to.lat, longitude: to.lng, accuracy: 6 });
}
