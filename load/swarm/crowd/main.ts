import { Crowd, type CrowdReport, type CrowdState } from "./crowd.ts";
import { crowdCommand, crowdOrders } from "./orders.ts";

/** What a process of the swarm says to the one that started it. */
export type CrowdWord =
  | { readonly kind: "ready" }
  | { readonly kind: "state"; readonly state: CrowdState }
  | { readonly kind: "report"; readonly report: CrowdReport };

const TELL_EVERY_MS = 1_000;

const crowd = new Crowd(crowdOrders.parse(JSON.parse(process.env["SWARM_ORDERS"] ?? "{}")));
const say = (word: CrowdWord): void => void process.send?.(word);

process.on("message", (message) => {
  const command = crowdCommand.parse(message);
  switch (command.do) {
    case "open":
      return crowd.open();
    case "play":
      return crowd.play(command);
    case "measure":
      return crowd.measure();
    case "rest":
      return crowd.rest();
    case "brace":
      return crowd.brace();
    case "end":
      clearInterval(telling);
      return void crowd.end().then((report) => say({ kind: "report", report }));
  }
});
// Whoever started us is gone: nobody is left to play for. Ctrl-C is theirs to act on.
process.on("disconnect", () => process.exit(0));
process.on("SIGINT", () => {});
const telling = setInterval(() => say({ kind: "state", state: crowd.state }), TELL_EVERY_MS);
say({ kind: "ready" });
