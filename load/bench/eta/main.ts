/**
 * `npm run bench:eta -- --wolt FIT.csv.gz PREDICT.csv.gz` and `-- --sf FIT_DIR PREDICT_DIR`: learns durations from one set
 * and says those of another with what was known at each moment, by the learning code of `shared/domain/eta/learning`: ladder,
 * trees, pulse and conformal calibration. The platform's own times come from the same ladder and trees (`fitDurations`,
 * `askDurations`), fitted part by part with their own settings (`shared/domain/eta/learned`) and added up by `etaOf`; pulse and
 * conformal calibration are used here alone.
 * `--cross-validate` takes one set apart by its days instead. `--svg` draws how far off the answers were, `--chart` what was reached of what was asked.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";

import type { Outcome } from "#shared/domain/eta/learning/task.ts";

import { askedChartOf, askedOf } from "./asked-chart.ts";
import { chartOf } from "./chart.ts";
import type { Progress } from "./figures.ts";
import { BadTable } from "./read-table.ts";
import { predictSf, readSf, SF_ASKED, sfFigures, type CabDay, type SfAnswers } from "./sf.ts";
import { predictWolt, readWolt, WOLT_ASKED, woltFigures } from "./wolt.ts";

const USAGE =
  "npm run bench:eta -- (--wolt FIT.csv.gz PREDICT.csv.gz | --sf FIT_DIR PREDICT_DIR) [--cross-validate, with one set] [--json FILE] [--svg FILE] [--chart FILE]";
const FOLDS = 5;
const DAY_MS = 86_400_000;
const SAY_EVERY_MS = 2_000;

interface Outcomes {
  readonly figures: object;
  readonly svg: string;
  readonly chart: string;
}

function say(sentence: string): void {
  process.stderr.write(`${sentence}\n`);
}

function makeProgress(of: string): Progress {
  let saidAtMs = performance.now();
  return (part, done, all) => {
    const nowMs = performance.now();
    if (nowMs - saidAtMs < SAY_EVERY_MS && done < all) return;
    saidAtMs = nowMs;
    say(`${of}: learning ${part}, tree ${done} of ${all}`);
  };
}

/** Every fifth day apart, learned from the other four: one pair of sets for each. */
function folds<T extends Outcome>(
  all: readonly T[],
): { readonly name: string; readonly fit: T[]; readonly predict: T[] }[] {
  const dayOf = ({ askedAtMs }: T) => Math.floor(askedAtMs / DAY_MS);
  const days = [...new Set(all.map(dayOf))].toSorted((a, b) => a - b);
  if (days.length < FOLDS) throw new BadTable(`${days.length} days are too few to take apart into ${FOLDS}`);
  const foldOf = new Map(days.map((day, index) => [day, index % FOLDS]));
  return Array.from({ length: FOLDS }, (_, fold) => ({
    name: `fold ${fold + 1} of ${FOLDS}`,
    fit: all.filter((each) => foldOf.get(dayOf(each)) !== fold),
    predict: all.filter((each) => foldOf.get(dayOf(each)) === fold),
  }));
}

function runWolt(paths: readonly string[], crossValidate: boolean): Outcomes {
  const sets = paths.map(readWolt);
  say(`${sets.map((set) => set.length).join(" and ")} orders`);
  const pairs = crossValidate ? folds(sets[0]!) : [{ name: "wolt", fit: sets[0]!, predict: sets[1]! }];
  const parts = pairs.map(({ name, fit, predict }) => {
    const said = predictWolt(fit, predict, makeProgress(name));
    say(`${name}: ${JSON.stringify(woltFigures(said))}`);
    return said;
  });
  const answers = parts.flat();
  const figures = woltFigures(answers);
  const off = answers.map(({ tookMin, saidMin }) => Math.abs(tookMin - (saidMin[0] ?? 0)));
  return {
    figures,
    svg: chartOf([{ name: "at the order", off }], "minutes", 40),
    chart: askedChartOf(askedOf(WOLT_ASKED, figures, parts.map(woltFigures))),
  };
}

function runSf(folders: readonly string[], crossValidate: boolean): Outcomes {
  const sets = folders.map(readSf);
  say(sets.map(({ trips, fixes }) => `${trips.length} trips (${fixes.size} traces)`).join(" and "));
  const pairs = crossValidate
    ? folds(sets[0]!.trips).map(({ name, fit, predict }) => ({
        name,
        fit: withTraces(fit, sets[0]!),
        predict: withTraces(predict, sets[0]!),
      }))
    : [{ name: "sf", fit: sets[0]!, predict: sets[1]! }];
  const parts = pairs.map(({ name, fit, predict }) => {
    const said = predictSf(fit, predict, makeProgress(name));
    say(`${name}: ${JSON.stringify(sfFigures(said))}`);
    return said;
  });
  const answers: SfAnswers = {
    trips: parts.flatMap(({ trips }) => trips),
    underWay: parts.flatMap(({ underWay }) => underWay),
  };
  const under = [0.25, 0.5, 0.75].map((share) => ({
    name: `${share * 100} % under way`,
    off: answers.underWay.filter((each) => each.share === share).map(({ pair: [took, said] }) => Math.abs(took - said)),
  }));
  const start = { name: "at the start", off: answers.trips.map(([took, said]) => Math.abs(took - said)) };
  const figures = sfFigures(answers);
  return {
    figures,
    svg: chartOf([start, ...under], "seconds", 400),
    chart: askedChartOf(askedOf(SF_ASKED, figures, parts.map(sfFigures))),
  };
}

function withTraces(trips: CabDay["trips"], { fixes }: CabDay): CabDay {
  return { trips, fixes };
}

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      wolt: { type: "boolean", default: false },
      sf: { type: "boolean", default: false },
      "cross-validate": { type: "boolean", default: false },
      json: { type: "string" },
      svg: { type: "string" },
      chart: { type: "string" },
    },
  });
  const crossValidate = values["cross-validate"];
  if (values.wolt === values.sf || positionals.length !== (crossValidate ? 1 : 2)) throw new BadTable(USAGE);
  const { figures, svg, chart } = (values.wolt ? runWolt : runSf)(positionals, crossValidate);
  const text = `${JSON.stringify(figures, null, 2)}\n`;
  process.stdout.write(text);
  if (values.json) writeFileSync(values.json, text);
  if (values.svg) writeFileSync(values.svg, svg);
  if (values.chart) writeFileSync(values.chart, chart);
}

try {
  main();
} catch (error) {
  if (!(error instanceof BadTable)) throw error;
  say(error.message);
  process.exitCode = 2;
}
