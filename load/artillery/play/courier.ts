import { z } from "zod";

import { point, type Point } from "../../../shared/contracts/geo.ts";
import { distanceM } from "../../../shared/domain/geo/distance.ts";
import { startCourierActor } from "../../actors/courier-actor.ts";
import { makeRecorder } from "../../actors/recorder.ts";
import { straightWay } from "../../actors/ride.ts";
import { mustClaim } from "./accounts.ts";
import { METRIC, reportWatches } from "./measure.ts";
import { deploymentFor, introduce, pauseS, sessionOf, type Report, type VirtualUser } from "./virtual-user.ts";

/** A way along streets is so much longer than a straight line. */
const DETOUR = 1.3;
/** The deployment's ms at each door. */
const AT_A_DOOR_MS = 30_000;

/** Somebody of the accounts file who is not at work. */
export async function takeCourier(user: VirtualUser): Promise<void> {
  const { account, release } = mustClaim("couriers");
  introduce(user, await deploymentFor(user), account);
  Object.assign(user.vars, { start: account.start, release });
}

const shift = z.object({
  start: point,
  release: z.custom<() => void>((value) => typeof value === "function"),
  /** Wall seconds. */
  shiftS: z.coerce.number().positive(),
  /** Wall seconds until an offer is taken. */
  answerS: z.coerce.number().min(0),
  /** Wall seconds between two readings of the phone's place. */
  fixS: z.coerce.number().min(0.5),
  rideKmh: z.coerce.number().positive(),
  /** Wall seconds after the shift for what is still in hand. */
  finishS: z.coerce.number().positive(),
});

/** On duty for `shiftS` seconds: takes every offer, rides, delivers, and says where it is as the courier's app does. */
export async function workShift(user: VirtualUser, report: Report): Promise<void> {
  const { start, release, shiftS, answerS, fixS, rideKmh, finishS } = shift.parse(user.vars);
  const deployment = await deploymentFor(user);
  const { marketId, clock } = deployment;
  const session = sessionOf(user, deployment);
  const recorder = makeRecorder();
  const count = (metric: string, value = 1) => report.emit("counter", metric, value);
  const rideMs = (from: Point, to: Point) => Math.round((distanceM(from, to) * DETOUR * 3_600) / rideKmh);
  count(METRIC.handedOver, 0);
  count(METRIC.offersAccepted, 0);
  const actor = await startCourierActor({
    at: 0,
    marketId,
    session,
    clock,
    start,
    endsAtMs: Math.ceil(clock.nowMs() + shiftS * 1_000 * clock.rate),
    way: (from, to) => straightWay(from, to, rideMs(from, to)),
    handover: { beforePickupMs: AT_A_DOOR_MS, afterPickupMs: 0, beforeDropMs: AT_A_DOOR_MS, afterDropMs: 0 },
    fixEveryMs: fixS * 1_000 * clock.rate,
    answer: () => {
      count(METRIC.offersAccepted);
      return { accept: true, afterMs: answerS * 1_000 * clock.rate };
    },
    truth: { rode: () => undefined, did: (kind) => count(METRIC.handedOver, kind === "hand-over" ? 1 : 0) },
    recorder,
  });
  try {
    await actor.onDuty;
    count(METRIC.shiftsBegun);
    const ended = await Promise.race([actor.done.then(() => true), pauseS(shiftS + finishS).then(() => false)]);
    count(METRIC.shiftsUnended, ended ? 0 : 1);
    await reportWatches(report, { session, namespace: "courier", hub: actor.hub, recorder, clock });
  } finally {
    actor.close();
    release();
  }
}
