import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { parseArgs } from "node:util";

import type { CDPSession, Page } from "playwright-core";

import { openBrowser, openScreen } from "../../clients/journey/browser.ts";
import { findChromium } from "../../deploy/local/chromium.ts";
import { runTool } from "../../deploy/local/run-tool.ts";
import { quantile } from "../replay/offline.ts";

/** Frames that are measured for each size: two boards and eight rounds of positions. */
const MEASURED = 120;
const KINDS: Readonly<Record<string, string>> = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };

/** One size of the city, a frame at a time. Times in ms. */
interface Measured {
  readonly couriers: number;
  readonly orders: number;
  /** Wall time between frames; without a graphics card most of it is the drawing that a card would do. */
  readonly frameP50Ms: number;
  readonly frameP95Ms: number;
  /** Processor time of the page's main thread: of its script alone, and of everything. */
  readonly scriptMs: number;
  readonly mainThreadMs: number;
}

/** The operator's map with thousands on it, through the component that operators see. Its page is `clients/web/bench`. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      couriers: { type: "string", default: "5000" },
      orders: { type: "string", default: "2000" },
      picture: { type: "string" },
      json: { type: "string" },
    },
  });
  const sizes = [
    { couriers: 50, orders: 20 },
    { couriers: count(values.couriers), orders: count(values.orders) },
  ];
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error("there is no browser: apt-get install chromium, or set CHROMIUM");
  const dir = mkdtempSync(join(tmpdir(), "tiffin-ops-map-"));
  const served = await serve(await built(dir));
  const browser = await openBrowser(executablePath);
  try {
    const found: Measured[] = [];
    for (const size of sizes) {
      const url = `${served.url}?couriers=${size.couriers}&orders=${size.orders}`;
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const { page, context } = await openScreen(browser, { url, width: 1440, height: 900 });
      // oxlint-disable-next-line no-await-in-loop
      found.push({ ...size, ...(await measure(page)) });
      // oxlint-disable-next-line no-await-in-loop
      if (values.picture !== undefined) await page.screenshot({ path: values.picture });
      // oxlint-disable-next-line no-await-in-loop
      await context.close();
    }
    const [small, large] = found;
    const scriptRatio = round((large?.scriptMs ?? 0) / (small?.scriptMs ?? 1));
    const figures = `${JSON.stringify({ sizes: found, scriptRatio }, null, 2)}\n`;
    process.stdout.write(figures);
    if (values.json !== undefined) writeFileSync(values.json, figures);
  } finally {
    await browser.close();
    served.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`"${text}" is not a number of couriers or orders`);
  return value;
}

async function built(dir: string): Promise<string> {
  const config = ["--config", "clients/web/vite.config.ts", "--outDir", dir, "--emptyOutDir", "--logLevel", "warn"];
  const { code, output } = await runTool("vite", ["build", "clients/web/bench", ...config]);
  if (code !== 0) throw new Error(`the page could not be built: ${output}`);
  return dir;
}

async function serve(dir: string) {
  const server = createServer((request, answer) => {
    const path = normalize(new URL(request.url ?? "/", "http://here").pathname);
    try {
      const body = readFileSync(join(dir, path === "/" ? "index.html" : path));
      answer.setHeader("content-type", KINDS[extname(path)] ?? "text/html").end(body);
    } catch {
      answer.writeHead(404).end();
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  // Cast: it listens on a port.
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close: () => server.close() };
}

async function measure(page: Page): Promise<Omit<Measured, "couriers" | "orders">> {
  await page.getByRole("region", { name: "Map of Bench" }).locator("canvas").waitFor();
  await frameTimes(page, 30);
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const before = await spent(session);
  const times = await frameTimes(page, MEASURED);
  const after = await spent(session);
  return {
    frameP50Ms: round(quantile(times, 0.5)),
    frameP95Ms: round(quantile(times, 0.95)),
    scriptMs: round(((after.scriptS - before.scriptS) * 1000) / times.length),
    mainThreadMs: round(((after.taskS - before.taskS) * 1000) / times.length),
  };
}

/** Processor time of the main thread, seconds: what others do on the machine does not count. */
async function spent(session: CDPSession): Promise<{ readonly scriptS: number; readonly taskS: number }> {
  const { metrics } = await session.send("Performance.getMetrics");
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
  return { scriptS: of("ScriptDuration"), taskS: of("TaskDuration") };
}

/** Wall ms between animation frames, as the page itself reads them. */
async function frameTimes(page: Page, wanted: number): Promise<number[]> {
  return await page.evaluate<number[]>(`frameTimes(${wanted})`);
}

const round = (value: number) => Math.round(value * 100) / 100;

await main();
