import type { SeenOrder } from "#shared/contracts/views.ts";

import { startKitchenActor, type KitchenPlan } from "../../actors/kitchen-actor.ts";
import { mayAskAgain } from "../../actors/later.ts";
import { cook, isTooMuch, kitchenNature, type Cooking, type KitchenNature } from "../world/kitchen.ts";
import { persistently, sentenceOf } from "./patience.ts";
import type { CastKitchen } from "./stage.ts";
import type { Life } from "./life.ts";

/** So many sign in at a time. */
const AT_ONCE = 4;

/** Opens every kitchen; resolves when all of them see their orders, but for those that are refused for good. [TWN14] */
export async function openKitchens(life: Life): Promise<void> {
  const left = life.stage.cast.kitchens.entries();
  const hand = async (): Promise<void> => {
    // oxlint-disable-next-line no-await-in-loop -- one hand does one thing at a time
    for (const [at, kitchen] of left) await persistently(life, () => openOrLeave(life, kitchen, at));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, hand));
}

async function openOrLeave(life: Life, kitchen: CastKitchen, at: number): Promise<void> {
  try {
    await openKitchen(life, kitchen, at);
  } catch (error) {
    if (mayAskAgain(error)) throw error;
    life.tell(`${kitchen.name} does not cook: ${sentenceOf(error)}`);
  }
}

async function openKitchen(life: Life, { name, restaurantId, session: open }: CastKitchen, at: number): Promise<void> {
  const { marketId, clock, recorder } = life.stage;
  const session = await open();
  const { cuisine, point } = await session.api.call("restaurant.read", { marketId, restaurantId });
  const nature = kitchenNature(life.world.decide, name, cuisine);
  const actor = startKitchenActor({
    at,
    marketId,
    restaurantId,
    session,
    clock,
    recorder,
    plan: (order, all) => planFor(life, nature, order, all),
    tooMuch: (all, paused) => isTooMuch(nature, all.filter(isCooking).length, paused),
  });
  life.connected(actor.hub);
  const stop = () => actor.close();
  life.stops.add(stop);
  try {
    await actor.watching;
  } catch (error) {
    life.stops.delete(stop);
    stop();
    throw error;
  }
  life.kitchenPlaces.push(point);
}

function isCooking({ status }: SeenOrder): boolean {
  return status === "CREATED" || status === "CONFIRMED" || status === "PREPARING";
}

function planFor(life: Life, nature: KitchenNature, order: SeenOrder, all: readonly SeenOrder[]): KitchenPlan {
  const { world, stage } = life;
  const nowMs = stage.clock.nowMs();
  const cooking = cook(
    world.decide,
    nature,
    {
      order: life.names.get(order.id) ?? order.id,
      dishes: (order.lines ?? []).reduce((sum, line) => sum + line.quantity, 0),
      others: all.filter((each) => each.id !== order.id && isCooking(each)).length,
      nowMs,
    },
    world.pace,
  );
  const answer = cooking.rejectReason ?? `${cooking.saidMinutes} min`;
  life.decided(nature.name, life.names.get(order.id) ?? "an order", 0, answer);
  note(life, order, cooking);
  return planOf(order, cooking);
}

function note(life: Life, order: SeenOrder, cooking: Cooking): void {
  const truth = life.book?.orders.get(order.id);
  if (!truth || cooking.rejectReason !== undefined) return;
  truth.cookedAtMs = cooking.cookedAtMs;
  truth.saidReadyAtMs = cooking.saidReadyAtMs;
}

/** What was confirmed before a restart keeps its word. */
function planOf(order: SeenOrder, cooking: Cooking): KitchenPlan {
  const { answerAtMs, rejectReason, saidMinutes, startAtMs, saidReadyAtMs } = cooking;
  const readyAtMs = order.status === "CREATED" ? saidReadyAtMs : (order.readyEstimateAtMs ?? saidReadyAtMs);
  return {
    confirmAtMs: answerAtMs,
    ...(rejectReason === undefined ? {} : { rejectReason }),
    prepMinutes: saidMinutes,
    startAtMs,
    readyAtMs,
    handOutAtMs: readyAtMs,
  };
}
