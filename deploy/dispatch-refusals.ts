/**
 * `npm run dispatch:refusals -- --market ID (--list | --use VERSION | --none | --newest)`: what was learned of how a market's
 * couriers answer offers, and which version of it rounds go by. The next round of every worker goes by a decision.
 */
import { refusalTrial, refusalVersions } from "#shared/server/dispatch/refusals.ts";

import { chooseVersion } from "./choose-version.ts";

await chooseVersion({
  command: "dispatch:refusals",
  store: refusalVersions,
  none: "that everybody accepts",
  legend: "Mean squared error of the chance of a refusal, on held-out answers:",
  linesOf: (stored) => {
    const { answers, heldOut, learned, shareAlone, used } = refusalTrial.parse(stored);
    const tried = `learned ${learned.toFixed(4)}; the share of all alone ${shareAlone.toFixed(4)}; ${heldOut} held out`;
    const taken =
      used === "learned" ? "couriers, ways and hours are told apart" : "the share of all counts for everybody";
    return { head: `from ${answers} answers: ${taken}`, below: [tried] };
  },
});
