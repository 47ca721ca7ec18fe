import type { Position } from "#shared/contracts/streams.ts";
import { reportAfterAll, toldAnew } from "#shared/domain/tracking/motion/report.ts";
import { takeFixes } from "#shared/domain/tracking/take-fixes.ts";

import type { UseCase } from "../use-cases.ts";
import type { MarkerDeps, Markers } from "./marker.ts";
import type { TraceWriter } from "./trace-writer.ts";

/**
 * `fix.push`: writes every fix down, and tells the screens when they need it. [RTM18-RTM20, MOT11]
 *
 * Twice: the trace row holds each fix once, by its time, and the marker does not move back. Late: the same. Never: the
 * phone sends them again; until then the last position goes out of date and is forgotten.
 */
export function makeFixPush(
  { deploymentNowMs }: MarkerDeps,
  markers: Markers,
  traces: TraceWriter,
): UseCase<"fix.push"> {
  return async (caller, { marketId, fixes }) => {
    const courier = await markers.of(caller, marketId);
    const { kept, newest, sorted } = takeFixes(fixes, courier.newest, deploymentNowMs());
    courier.newest = newest;
    await traces.write(courier, sorted);
    if (!newest || kept.length === 0) return { kept: 0 };
    const carrying = await markers.carriedBy(courier);
    const carried = nameOf(carrying);
    // Who may see the courier has changed: they are told, however right the screens of the others are.
    const before = carried === courier.carried ? courier.reporter : toldAnew(courier.reporter);
    const { reporter, report } = reportAfterAll(before, kept);
    courier.reporter = reporter;
    courier.carried = carried;
    if (report) markers.show(courier, { ...report, zone: newest.zone }, carrying);
    return { kept: kept.length };
  };
}

function nameOf(carrying: Position["carrying"]): string {
  return carrying
    .map(({ deliveryId, version }) => `${deliveryId}/${version}`)
    .toSorted()
    .join(" ");
}
