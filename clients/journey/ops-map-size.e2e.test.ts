import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";

import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";

import { findChromium } from "../../deploy/local/chromium.ts";
import { runTool } from "../../deploy/local/run-tool.ts";
import { openBrowser, openScreen } from "./browser.ts";

const executablePath = findChromium();
const [COURIERS, ORDERS] = [5_000, 2_000];
/** Frames that are measured: a board and four rounds of positions. */
const MEASURED = 60;
const KINDS: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
};

/** The built page, served. */
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
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close: () => server.close() }; // Cast: it listens on a port.
}

/** Processor time of the main thread, of script and of everything, seconds since the page began: what others do on the machine does not count. */
async function spent(page: Page): Promise<{ readonly scriptS: number; readonly taskS: number }> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const { metrics } = await session.send("Performance.getMetrics");
  const of = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? 0;
  return { scriptS: of("ScriptDuration"), taskS: of("TaskDuration") };
}

/** Wall ms between animation frames. */
function frameTimes(page: Page, count: number): Promise<number[]> {
  return page.evaluate(
    (wanted) =>
      new Promise<number[]>((done) => {
        const times: number[] = [];
        let last = performance.now();
        const step = () => {
          const nowMs = performance.now();
          times.push(nowMs - last);
          last = nowMs;
          if (times.length < wanted) requestAnimationFrame(step);
          else done(times);
        };
        requestAnimationFrame(step);
      }),
    count,
  );
}

describe.skipIf(executablePath === undefined)("the operator's map (skipped without a browser)", () => {
  test("[OPM5] with 5,000 couriers gliding and 2,000 orders the page spends at most 8 ms of script a frame", async () => {
    const dir = mkdtempSync(join(tmpdir(), "tiffin-ops-map-"));
    const built = await runTool("vite", [
      "build",
      "clients/web/bench",
      "--config",
      "clients/web/vite.config.ts",
      "--outDir",
      dir,
      "--emptyOutDir",
      "--logLevel",
      "warn",
    ]);
    expect(built.code, built.output).toBe(0);
    const served = await serve(dir);
    const browser = await openBrowser(executablePath ?? "");
    try {
      const url = `${served.url}?couriers=${COURIERS}&orders=${ORDERS}`;
      const { page, errors } = await openScreen(browser, { url, width: 1000, height: 640 });
      await page.getByRole("region", { name: "Map of Bench" }).locator("canvas").waitFor();
      await frameTimes(page, 10);
      const before = await spent(page);
      const times = (await frameTimes(page, MEASURED)).toSorted((a, b) => a - b);
      const after = await spent(page);
      const scriptMs = ((after.scriptS - before.scriptS) * 1000) / times.length;
      const taskMs = ((after.taskS - before.taskS) * 1000) / times.length;
      const at = (share: number) => (times[Math.floor(times.length * share)] ?? 0).toFixed(1);
      process.stderr.write(
        `${COURIERS} couriers, ${ORDERS} orders: ${times.length} frames, median ${at(0.5)} ms, p95 ${at(0.95)} ms; ` +
          `script ${scriptMs.toFixed(2)} ms and all of the main thread ${taskMs.toFixed(2)} ms a frame\n`,
      );
      const picture = process.env["JOURNEY_PICTURES"];
      if (picture) await page.screenshot({ path: join(picture, "ops-map-size.png") });
      expect(errors.filter((error) => !error.includes("404"))).toEqual([]);
      expect(scriptMs).toBeLessThan(8);
    } finally {
      await browser.close();
      served.close();
      rmSync(dir, { recursive: true, force: true });
    }
  });
});
