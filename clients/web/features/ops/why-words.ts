import type { CostTerm } from "#shared/contracts/dispatch.ts";

const PARTS: Readonly<Record<CostTerm["name"], string>> = {
  delay: "food waits",
  late: "past what is usual today",
  travel: "rides",
  bound: "courier's time while few are free",
  idle: "courier waits",
  urgency: "ordered longer ago",
  refusal: "may be refused",
  fairness: "others have had less work",
  risk: "risk",
  "trip-as-it-was": "trip as it was",
  rest: "other",
};

/** Less is 0.0. */
const SHOWN_FROM = 3_000_000;

/** What a cost is made of, the largest part first; parts that would be told as nothing are left out. [DSP68] */
export function partsWords(terms: readonly CostTerm[]): string {
  return terms
    .filter(({ cost }) => Math.abs(cost) >= SHOWN_FROM)
    .toSorted((a, b) => Math.abs(b.cost) - Math.abs(a.cost))
    .map(({ name, cost }) => `${PARTS[name]} ${costWords(cost)}`)
    .join(", ");
}

/** Weighted milliseconds as minutes of waiting food. */
export function costWords(cost: number): string {
  return (cost / 60_000_000).toFixed(1).replace("-", "−");
}
