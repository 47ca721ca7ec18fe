import type { Stop, StepName } from "./next-step.ts";

const LABELS: Readonly<Record<StepName, string>> = {
  "delivery.set-out": "Set out",
  "delivery.arrive-at-merchant": "I am at the restaurant",
  "delivery.pick-up": "Picked up",
  "delivery.leave": "On my way",
  "delivery.arrive-at-customer": "I am at the door",
  "delivery.hand-over": "Handed over",
  "delivery.turn-back": "Turn back",
  "delivery.return": "Food is back",
};

/** What the big button says. */
export function stepLabel({ step, of }: Stop): string {
  return step === "delivery.pick-up" && of.length > 1 ? `${LABELS[step]} ${of.length} orders` : LABELS[step];
}

/** What the courier does at this stop, as its heading. */
export function stopTitle({ at, step }: { readonly at: Stop["at"]; readonly step: StepName }): string {
  if (at === "return") return "Bring it back to";
  if (at === "merchant") return step === "delivery.pick-up" ? "At the restaurant" : "Pick up at";
  return step === "delivery.hand-over" ? "At the door" : "Bring it to";
}
