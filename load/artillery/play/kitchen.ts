import { z } from "zod";

import { makeRecorder } from "../../actors/recorder.ts";
import { startKitchenActor } from "../../actors/kitchen-actor.ts";
import { mustClaim } from "./accounts.ts";
import { METRIC, reportWatches } from "./measure.ts";
import { deploymentFor, introduce, pauseS, sessionOf, type Report, type VirtualUser } from "./virtual-user.ts";

/** Somebody of the accounts file in whose kitchen nobody is. */
export async function takeKitchen(user: VirtualUser): Promise<void> {
  const { account, release } = mustClaim("kitchens");
  introduce(user, await deploymentFor(user), account);
  Object.assign(user.vars, { restaurantId: account.restaurantId, release });
}

export const kitchen = z.object({
  restaurantId: z.uuid(),
  release: z.custom<() => void>((value) => typeof value === "function"),
});

const rush = kitchen.extend({
  /** Wall seconds that the kitchen is open. */
  rushS: z.coerce.number().positive(),
  /** Wall seconds until a ticket is taken, and then until the food is ready. */
  confirmS: z.coerce.number().min(0),
  cookS: z.coerce.number().min(0),
});

/** Watches the restaurant's stream for `rushS` seconds; takes every order, cooks it, and says when it is ready. */
export async function cook(user: VirtualUser, report: Report): Promise<void> {
  const { restaurantId, release, rushS, confirmS, cookS } = rush.parse(user.vars);
  const deployment = await deploymentFor(user);
  const { marketId, clock } = deployment;
  const session = sessionOf(user, deployment);
  const recorder = makeRecorder();
  report.emit("counter", METRIC.ordersSeen, 0);
  report.emit("counter", METRIC.ordersReady, 0);
  const wall = (seconds: number): number => seconds * 1_000 * clock.rate;
  const actor = startKitchenActor({
    at: 0,
    marketId,
    restaurantId,
    session,
    clock,
    plan: () => {
      report.emit("counter", METRIC.ordersSeen, 1);
      const confirmAtMs = clock.nowMs() + wall(confirmS);
      const readyAtMs = confirmAtMs + wall(cookS);
      const prepMinutes = Math.min(240, Math.ceil(wall(cookS) / 60_000));
      return { confirmAtMs, prepMinutes, startAtMs: confirmAtMs, readyAtMs, handOutAtMs: readyAtMs };
    },
    recorder,
  });
  try {
    await actor.watching;
    await pauseS(rushS);
    await reportWatches(report, { session, namespace: "kitchen", hub: actor.hub, recorder, clock });
    const ready = recorder.log.flatMap(({ events }) => events).filter(({ type }) => type === "order.ready");
    report.emit("counter", METRIC.ordersReady, ready.length);
  } finally {
    actor.close();
    release();
  }
}
