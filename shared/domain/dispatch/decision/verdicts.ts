import type { Verdict } from "../../../contracts/dispatch.ts";
import type { OpenDelivery, RoundCourier, RoundPlan } from "../round.ts";
import type { Weighing } from "./weighing.ts";

/** A delivery's row in a decision: who goes, if anybody, and with what. */
export interface Decided {
  readonly courierId: string | undefined;
  readonly outcome: "offered" | "held";
  readonly together: readonly OpenDelivery[];
}

/** What was found of a courier for deliveries that go together: the first thing in the round's own order that kept them apart. */
export function verdictOf(
  courier: RoundCourier,
  { courierId, outcome, together }: Decided,
  weighing: Weighing | undefined,
  plan: RoundPlan,
): Verdict {
  if (courier.id === courierId) return outcome === "offered" ? "chosen" : "counted-on";
  if (courier.activeOfferCount > 0) return "has-offer";
  if (courier.capacity <= 0) return "no-room";
  if (!weighing) return "not-asked";
  if (!weighing.usable.has(courier.id)) return "busy";
  if (together.some(({ excludedCourierIds }) => excludedCourierIds.includes(courier.id))) return "declined";
  if (weighing.options.has(courier.id)) return isPlanned(courier.id, plan) ? "needed-elsewhere" : "dearer";
  return unweighed(courier, together, weighing, plan);
}

/** Why somebody who could be asked was not even weighed. */
function unweighed(
  courier: RoundCourier,
  together: readonly OpenDelivery[],
  { approaches }: Weighing,
  { settings }: RoundPlan,
): Verdict {
  const ways = approaches.get(courier.id) ?? [];
  if (ways.length === 0) return "too-far";
  const room = Math.min(settings.maxBundle, courier.capacity);
  const fitting = ways.filter(({ carried }) => carried.length + together.length <= room);
  if (fitting.length === 0) return "no-room";
  const inTime = fitting.some(
    ({ start, carried }) => pickupAtMs(start.arriveAtMs, [...carried, ...together]) <= courier.shiftEndsAtMs,
  );
  return inTime ? "worse-than-waiting" : "shift-over";
}

/** With the food in hand at the earliest. */
export function pickupAtMs(arriveAtMs: number, food: readonly { readonly readyAtMs: number }[]): number {
  return food.reduce((latest, { readyAtMs }) => Math.max(latest, readyAtMs), arriveAtMs);
}

/** Has the plan something else for this courier? */
function isPlanned(courierId: string, { commits, holds }: RoundPlan): boolean {
  return [...commits, ...holds].some((each) => each.courierId === courierId);
}
