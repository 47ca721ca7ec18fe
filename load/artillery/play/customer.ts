import { randomUUID } from "node:crypto";

import { z } from "zod";

import { applyOrderEvent } from "../../../shared/client/merge.ts";
import { point } from "../../../shared/contracts/geo.ts";
import type { OrderStatus } from "../../../shared/contracts/states.ts";
import { menuView, restaurantView, type SeenOrder } from "../../../shared/contracts/views.ts";
import { offsetBy } from "../../../shared/domain/geo/distance.ts";
import { basketFor } from "../../actors/basket-for.ts";
import { makeRecorder, recordPositions, watchRecorded } from "../../actors/recorder.ts";
import { accounts, claim } from "./accounts.ts";
import { METRIC, reportWatches } from "./measure.ts";
import { deploymentFor, introduce, sessionOf, type Report, type VirtualUser } from "./virtual-user.ts";

/** How far from the market's middle those live who register, metres to each side. */
const LIVES_WITHIN_M = 1_500;
const ENDED: readonly OrderStatus[] = ["DELIVERED", "CONCLUDED", "REJECTED", "CANCELLED"];

/** Somebody of the accounts file, or somebody new. Sets `registers`, where they live, and how money is taken here. */
export async function arrive(user: VirtualUser): Promise<void> {
  const deployment = await deploymentFor(user);
  const { center, publishableKey, paymentApiBase } = deployment;
  // Not given back: an evening is a person's only one, so that no two play the same account.
  const account = claim("customers")?.account;
  const around = (): number => (2 * Math.random() - 1) * LIVES_WITHIN_M;
  const drop = account?.drop ?? offsetBy(center, around(), around());
  introduce(user, deployment, account ?? { email: `guest-${randomUUID()}@load.example`, password: randomUUID() });
  Object.assign(user.vars, {
    registers: account === undefined,
    signsIn: account !== undefined,
    name: "Guest of a load test",
    drop,
    dropLine: account?.dropLine === "" || account === undefined ? "Load test" : account.dropLine,
    publishableKey,
    paymentApiBase,
    orderKey: randomUUID(),
    beginKey: randomUUID(),
    settleKey: randomUUID(),
  });
}

const found = z.object({ restaurants: z.array(restaurantView.pick({ id: true, minimumMinor: true })) });

/** One of the houses found: of the accounts file, when it has kitchens, since those are cooked for. */
export async function chooseRestaurant({ vars }: VirtualUser): Promise<void> {
  const { restaurants } = found.parse(vars);
  const ours = new Set(accounts().kitchens.map(({ restaurantId }) => restaurantId));
  const fitting = ours.size === 0 ? restaurants : restaurants.filter(({ id }) => ours.has(id));
  const chosen = fitting[Math.floor(Math.random() * fitting.length)];
  if (!chosen) throw new Error("no restaurant is open near the customer");
  Object.assign(vars, { restaurantId: chosen.id, minimumMinor: chosen.minimumMinor });
}

const menuRead = z.object({ menu: menuView, minimumMinor: z.number() });

export async function fillBasket({ vars }: VirtualUser): Promise<void> {
  const { menu, minimumMinor } = menuRead.parse(vars);
  const lines = basketFor(menu, minimumMinor, Math.random);
  if (!lines) throw new Error("the menu has nothing to order");
  Object.assign(vars, { lines });
}

const begun = z.object({ clientSecret: z.string().includes("_secret_") });

/** The payment's own name, as it stands in the secret that the customer was given. */
export async function readSecret({ vars }: VirtualUser): Promise<void> {
  const [intentId] = begun.parse(vars).clientSecret.split("_secret_");
  Object.assign(vars, { intentId });
}

const placed = z.object({ orderId: z.uuid(), trackS: z.coerce.number().positive(), drop: point });

/** Watches the order and its courier until it has come or `trackS` seconds are over. */
export async function track(user: VirtualUser, report: Report): Promise<void> {
  const { orderId, trackS } = placed.parse(user.vars);
  const deployment = await deploymentFor(user);
  const { marketId, clock } = deployment;
  const session = sessionOf(user, deployment);
  report.emit("counter", METRIC.ordersPlaced, 1);
  const hub = session.connect("customer");
  const recorder = makeRecorder();
  const recording = { viewer: { as: "customer", personId: session.personId }, clock, recorder } as const;
  recordPositions(hub, recording);
  try {
    const status = await new Promise<OrderStatus | undefined>((done, fail) => {
      const timer = setTimeout(() => done(undefined), trackS * 1_000);
      let current: SeenOrder | undefined;
      const seen = (order: SeenOrder): void => {
        current = order;
        if (!ENDED.includes(order.status)) return;
        clearTimeout(timer);
        done(order.status);
      };
      watchRecorded(
        hub,
        { marketId, kind: "order", id: orderId },
        {
          // Cast: the contract's snapshot of an order's stream.
          onSnapshot: (snapshot) => seen(snapshot as SeenOrder),
          onEvent: (event) => current && seen(applyOrderEvent(current, event)),
          onClosed: ({ code }) => fail(new Error(`stream:watch ${code}`)),
        },
        recording,
      );
    });
    report.emit("counter", outcomeOf(status), 1);
    await reportWatches(report, { session, namespace: "customer", hub, recorder, clock });
  } finally {
    hub.close();
  }
}

function outcomeOf(status: OrderStatus | undefined): string {
  if (status === undefined) return METRIC.ordersOpen;
  return status === "DELIVERED" || status === "CONCLUDED" ? METRIC.ordersDelivered : METRIC.ordersUnfilled;
}
