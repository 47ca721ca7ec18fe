import type { CommandOutput } from "#shared/contracts/catalogue/catalogue.ts";
import type { StageAccuracy } from "#shared/contracts/eta.ts";

export type Accuracy = CommandOutput<"eta.accuracy">;

const WHEN: Readonly<Record<StageAccuracy["stage"], string>> = {
  order: "With the order",
  waiting: "Before the food was fetched",
  "under-way": "With the food on its way",
};

/** How good the times of one stage were, in a sentence. [ETA43] */
export function stageWords({ stage, promises, maeS, lateS, coverage50Pct, coverage90Pct }: StageAccuracy): string {
  const lean = Math.abs(lateS) < 30 ? "neither late nor early on the whole" : leanWords(lateS);
  return (
    `${WHEN[stage]}: ${promises.toLocaleString("en")} ${promises === 1 ? "time" : "times"} told, ${minutes(maeS)} off on the average, ${lean}; ` +
    `${Math.round(coverage50Pct)} of 100 came by the earlier time (50 would be right), ${Math.round(coverage90Pct)} by the later one (90 would be).`
  );
}

/** What became of those that nobody got. [ETA43] */
export function undeliveredWords({ orders, late }: Accuracy["undelivered"]): string {
  if (orders === 0) return "No paid order was cancelled meanwhile.";
  const were = `${orders} paid ${orders === 1 ? "order was" : "orders were"} cancelled meanwhile`;
  return `${were}, ${late === 0 ? "none" : late} of them past the time that was promised.`;
}

function leanWords(lateS: number): string {
  return `${minutes(Math.abs(lateS))} ${lateS > 0 ? "later" : "earlier"} than told on the whole`;
}

function minutes(seconds: number): string {
  return `${(seconds / 60).toFixed(1)} min`;
}
