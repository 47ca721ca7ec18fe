/**
 * `npm run bench:dispatch -- --pack DIR --judge judge.mjs [--filter REGEXP] [--prep exact|mean] [--json FILE] [--svg FILE]`: the
 * judge of the Meal Delivery Routing Problem plays a pack against the live round, and its figures stand beside the published
 * ones, each on the instances that it was published for.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { loadPack } from "../replay/pack.ts";
import { couriersOf, type CourierFigures, type ToldDay } from "./couriers-of-day.ts";
import { chartOf } from "./dispatch-chart.ts";
import { besidePublished, readPublished, type Beside, type Judged } from "./published.ts";

const USAGE =
  "npm run bench:dispatch -- --pack DIR --judge PATH/judge.mjs [--filter REGEXP] [--prep exact|mean] [--json FILE] [--svg FILE]";
const STDIO = fileURLToPath(new URL("../dispatch-stdio.ts", import.meta.url));

/** The judge's own summary: means over the instances, and each instance. */
interface Verdict extends Judged {
  readonly ctd_p90: number;
  readonly overage_mean: number;
  readonly cost_per_order: number;
  readonly ctd_lb: number;
  readonly answer_p999_ms: number;
  readonly answer_max_ms: number;
  readonly judged: number;
  readonly refused: number;
  readonly instances: readonly (Judged & { readonly instance: string })[];
}

/** What `--json` writes down: the judge's figures and ours. */
interface DispatchFigures extends Verdict {
  readonly prep: string;
  readonly couriers: CourierFigures;
  readonly published: readonly Beside[];
}

interface Asked {
  readonly pack: string;
  readonly judge: string;
  readonly filter: string;
  readonly prep: string;
}

/** Plays the pack. The judge tells each instance as it ends, which is passed on. */
async function judged(
  { pack, judge, filter, prep }: Asked,
  dir: string,
): Promise<{ verdict: Verdict; told: ToldDay[] }> {
  const verdictFile = path.join(dir, "verdict.json");
  const toldFile = path.join(dir, "told.jsonl");
  writeFileSync(toldFile, "");
  const args = [judge, pack, "--filter", filter, "--prep", prep, "--json", verdictFile, "--", process.execPath, STDIO];
  const child = spawn(process.execPath, args, {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, DISPATCH_TOLD: toldFile },
  });
  const code = await new Promise((resolve) => child.once("exit", resolve));
  // Cast: files that the judge and our own process have just written.
  const verdict = JSON.parse(readFileSync(verdictFile, "utf8")) as Verdict;
  if (code !== 0) process.exitCode = 1;
  const lines = readFileSync(toldFile, "utf8").split("\n").filter(Boolean);
  return { verdict, told: lines.map((line) => JSON.parse(line) as ToldDay) };
}

function tableOf({ couriers, published, ...all }: DispatchFigures): string {
  const figure = (value: number | undefined, digits: number) =>
    (value === undefined ? "" : value.toFixed(digits)).padStart(9);
  const rows = published.map(({ source, policy, instances, theirs, ours }) =>
    [
      `${policy} (${source})`.slice(0, 78).padEnd(78),
      String(instances).padStart(4),
      ...[theirs, ours].map(
        (each) => figure(each.undelivered_pct, 2) + figure(each.ctd_mean, 2) + figure(each.rtp_mean, 2),
      ),
    ].join(" "),
  );
  return [
    `${all.judged} instances, ${all.refused} refused, preparation ${all.prep}`,
    `undelivered ${all.undelivered_pct.toFixed(3)} %, click-to-door ${all.ctd_mean.toFixed(3)} min (bound ${all.ctd_lb.toFixed(2)}), p90 ${all.ctd_p90.toFixed(2)}, ready-to-pickup ${all.rtp_mean.toFixed(3)}, cost ${all.cost_per_order.toFixed(2)} an order`,
    `answers p99.9 ${all.answer_p999_ms.toFixed(1)} ms, longest ${all.answer_max_ms.toFixed(1)} ms`,
    `couriers: ${couriers.kmPerOrder} km an order, ${couriers.movedKmPerOrder} of them without food; pay an hour p10 ${couriers.payPerHourP10}, p50 ${couriers.payPerHourP50}, p90 ${couriers.payPerHourP90}; orders an hour, Gini ${couriers.ordersGini}`,
    `${"published, on its own instances".padEnd(78)}    n  theirs: undel %, click-to-door, ready-to-pickup; ours: the same`,
    ...rows,
  ].join("\n");
}

async function main(asked: Asked, json: string | undefined, svg: string | undefined): Promise<void> {
  const dir = mkdtempSync(path.join(tmpdir(), "tiffin-dispatch-"));
  try {
    const { verdict, told } = await judged(asked, dir);
    const figures: DispatchFigures = {
      prep: asked.prep,
      ...verdict,
      couriers: couriersOf(loadPack(asked.pack), told),
      published: besidePublished(
        readPublished(path.join(path.dirname(asked.judge), "published.tsv")),
        verdict.instances,
      ),
    };
    process.stdout.write(`${tableOf(figures)}\n`);
    if (json !== undefined) writeFileSync(json, `${JSON.stringify(figures, null, 2)}\n`);
    if (svg !== undefined) writeFileSync(svg, chartOf(figures.published));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const { values } = parseArgs({
  options: {
    pack: { type: "string" },
    judge: { type: "string" },
    filter: { type: "string", default: "." },
    prep: { type: "string", default: "exact" },
    json: { type: "string" },
    svg: { type: "string" },
  },
});
if (values.pack === undefined || values.judge === undefined || !["exact", "mean"].includes(values.prep)) {
  process.stderr.write(`${USAGE}\n`);
  process.exit(2);
}
await main(
  { pack: values.pack, judge: values.judge, filter: values.filter, prep: values.prep },
  values.json,
  values.svg,
);
