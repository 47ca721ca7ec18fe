import type { ExplainedCourier } from "../../../contracts/dispatch.ts";
import { distanceM } from "../../geo/distance.ts";
import type { DecisionRecord } from "./decision-record.ts";
import { explainOwn } from "./explain.ts";
import { span } from "./words.ts";

/** Orders told of: each costs a weighing, and who wonders looks at the nearest. */
const MOST_ORDERS = 3;
/** A round of before that says nothing of now. */
const LATELY_MS = 10 * 60_000;

/** A round of less than this ago is told as if it were of now; rounds are kept only while orders look for a courier. */
const NOW_MS = 60_000;

/** Why a courier on duty has no offer. */
export interface WhyNot {
  readonly words: string;
  readonly orders: readonly (Pick<ExplainedCourier, "verdict" | "wayMs" | "words"> & {
    readonly restaurantId: string;
  })[];
}

/**
 * Why a round did not ask this courier for the orders nearest to them, in words: own numbers, nobody else's. [DSP46]
 *
 * @param record of the newest kept round; undefined: there is none
 */
export function whyNot(record: DecisionRecord | undefined, courierId: string, nowMs: number): WhyNot {
  const nothing = (words: string) => ({ words, orders: [] });
  if (!record) return nothing("No order has looked for a courier yet.");
  const { input, plan } = record;
  const sinceMs = nowMs - plan.nowMs;
  if (input.deliveries.length === 0 || sinceMs >= LATELY_MS) {
    return nothing(
      `No order is looking for a courier${sinceMs >= LATELY_MS ? `; the last one did ${span(sinceMs)} ago` : ""}.`,
    );
  }
  const own = input.couriers.find(({ id }) => id === courierId);
  if (!own) return nothing("The last round did not know you yet: you had just begun, or had not said where you are.");
  const nearest = input.deliveries
    .map(({ id, restaurantId, pickup }) => ({ id, restaurantId, awayM: distanceM(own.point, pickup) }))
    .toSorted((a, b) => a.awayM - b.awayM || (a.id < b.id ? -1 : 1))
    .slice(0, MOST_ORDERS);
  const orders = nearest.flatMap(({ id, restaurantId }) => {
    const told = explainOwn(record, id, courierId)?.own;
    if (!told) return [];
    const { verdict, wayMs } = told;
    // Who wonders has answered that offer by now, or let it lapse.
    const words = verdict === "chosen" ? `You were asked for it then. ${told.words}` : told.words;
    return [{ restaurantId, verdict, wayMs, words }];
  });
  const asked = input.deliveries.length === 1 ? "One order was" : `${input.deliveries.length} orders were`;
  const when = sinceMs < NOW_MS ? "" : `, ${span(sinceMs)} ago`;
  const words = `${asked} looking for a courier in the last round${when}; ${input.couriers.length} on duty.`;
  return { words: orders.length < input.deliveries.length ? `${words} The nearest to you:` : words, orders };
}
