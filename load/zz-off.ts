import { loadPack } from "./replay/pack.ts";
import { playOffline } from "./replay/offline.ts";
import { daySettings } from "./replay/policy.ts";
import { DEFAULT_SETTINGS } from "#shared/domain/dispatch/round.ts";
const pack = loadPack("../shared/data/mdrp");
const names = process.argv[2]!.split(",");
for (const text of process.argv.slice(3)) {
  const given = JSON.parse(text);
  const res = names.map((n) => {
    const i = pack.get(n)!;
    return playOffline(i, { ...daySettings(i), ...given, weights: { ...DEFAULT_SETTINGS.weights, ...given.weights } });
  });
  const m = (f: (r: any) => number) => (res.reduce((s, r) => s + f(r), 0) / res.length).toFixed(3);
  console.log(
    text,
    "und",
    res.map((r) => r.placed - r.delivered).join("/"),
    m((r) => r.undeliveredPct),
    "ctd",
    m((r) => r.ctdMeanMin),
    "p90",
    m((r) => r.ctdP90Min),
    "rtp",
    m((r) => r.rtpMeanMin),
  );
}
