import { probeOrders } from "./orders.ts";
import { Prober, type Seen } from "./prober.ts";

/** What this process says to the one that started it. */
export type ProbeWord = { readonly kind: "ready" } | ({ readonly kind: "seen" | "last" } & Seen);

const TELL_EVERY_MS = 500;
const say = (word: ProbeWord): void => void process.send?.(word);

// Whoever started us is gone: nobody is left to tell. Ctrl-C is theirs to act on.
process.on("disconnect", () => process.exit(0));
process.on("SIGINT", () => {});

const prober = await Prober.make(probeOrders.parse(JSON.parse(process.env["PROBE_ORDERS"] ?? "{}")));
const telling = setInterval(() => say({ kind: "seen", ...prober.take() }), TELL_EVERY_MS);
process.on("message", (message) => {
  if (message === "begin") return prober.begin();
  clearInterval(telling);
  void prober.end().then((seen) => say({ kind: "last", ...seen }));
});
say({ kind: "ready" });
