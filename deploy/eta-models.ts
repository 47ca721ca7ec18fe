/**
 * `npm run eta:models -- --market ID (--list | --use VERSION | --none | --newest)`: what was learned of a market's times, and
 * which version of it is in force. Every hub and worker goes by a decision within seconds.
 */
import { etaTrials, ETA_PARTS, type EtaFault } from "#shared/contracts/eta.ts";
import type { StoredVersion } from "#shared/server/db/version-store.ts";
import { etaVersions } from "#shared/server/eta/model-store.ts";

import { chooseVersion } from "./choose-version.ts";

function faultText(fault: EtaFault | null): string {
  if (!fault) return "-";
  const { pinball50S, pinball90S, within50Pct, within90Pct } = fault;
  return `${pinball50S.toFixed(1)}/${pinball90S.toFixed(1)} s, ${within50Pct.toFixed(0)}/${within90Pct.toFixed(0)} %`;
}

function linesOf(stored: StoredVersion["trials"]) {
  const { orders, parts, whole } = etaTrials.parse(stored);
  const wholeText = whole
    ? `whole order: learned ${faultText(whole.learned)}; priors ${faultText(whole.prior)}; ${whole.heldOut} held out`
    : "whole order: too few to try";
  const lines = ETA_PARTS.map((part) => {
    const { used, outcomes, heldOut, learned, prior } = parts[part];
    return `${part.padEnd(9)} ${used.padEnd(6)} ${outcomes} outcomes, ${heldOut} held out; learned ${faultText(learned)}; prior ${faultText(prior)}`;
  });
  return { head: `from ${orders} orders`, below: [wholeText, ...lines] };
}

await chooseVersion({
  command: "eta:models",
  store: etaVersions,
  none: "the priors",
  legend: "Mean pinball loss at 50/90, and outcomes within 50/90:",
  linesOf,
});
