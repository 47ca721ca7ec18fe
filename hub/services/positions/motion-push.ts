import { takeFixes } from "#shared/domain/tracking/take-fixes.ts";

import type { UseCase } from "../use-cases.ts";
import type { MarkerDeps, Markers } from "./marker.ts";

/**
 * `motion.push`: the phone has decided that the screens must be told; they are, if it is newer and makes sense. Its trace
 * comes apart. [RTM18, MOT11]
 */
export function makeMotionPush({ deploymentNowMs }: MarkerDeps, markers: Markers): UseCase<"motion.push"> {
  return async (caller, { marketId, motion }) => {
    const courier = await markers.of(caller, marketId);
    const { kept, newest } = takeFixes([motion], courier.newest, deploymentNowMs());
    if (!newest || kept.length === 0) return { kept: 0 };
    courier.newest = newest;
    markers.show(courier, newest, await markers.carriedBy(courier));
    return { kept: 1 };
  };
}
