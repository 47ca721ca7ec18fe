import { z } from "zod";

import { Refusal } from "#shared/contracts/errors.ts";
import { fix, type Fix } from "#shared/contracts/geo.ts";
import { isWholeFix } from "#shared/contracts/quick-reads.ts";
import { decodeTrace } from "#shared/domain/tracking/motion/trace-text.ts";
import { inOrder } from "#shared/domain/tracking/take-fixes.ts";

import type { UseCase } from "../use-cases.ts";
import type { MarkerDeps, Markers } from "./marker.ts";
import type { TraceWriter } from "./trace-writer.ts";

const MOST_FIXES = 1_000;
const fixesOf = z.array(fix).min(1).max(MOST_FIXES);

/** `trace.push`: writes the fixes down, each once, a row a courier and minute. [RTM19, MOT11] */
export function makeTracePush(
  { deploymentNowMs, clock }: MarkerDeps,
  markers: Markers,
  traces: TraceWriter,
): UseCase<"trace.push"> {
  return async (caller, { marketId, trace }) => {
    const fixes = parse(trace);
    const courier = await markers.of(caller, marketId);
    // No marker moves: which of them make sense, and in which zone, nobody asks.
    const sorted = inOrder(fixes, deploymentNowMs());
    const askedAtMs = clock.nowMs();
    // The store is asked with the trace whether they are still a courier here: not once more for their motions.
    if (await traces.write(courier, sorted)) courier.readAtMs = askedAtMs;
    return { kept: sorted.length };
  };
}

/** @throws {Refusal} `payload.invalid` when the text is no trace */
function parse(trace: string): Fix[] {
  const decoded = decodeTrace(trace);
  if (decoded?.every(isWholeFix) && decoded.length > 0 && decoded.length <= MOST_FIXES) return decoded;
  const fixes = fixesOf.safeParse(decoded).data;
  if (!fixes) throw new Refusal("payload.invalid", "trace: not the text of 1 to 1000 fixes");
  return fixes;
}
