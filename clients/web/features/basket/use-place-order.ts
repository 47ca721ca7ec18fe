import { useRef, useState } from "react";

import type { SeenOrder } from "#shared/contracts/views.ts";

import { failureOf, type Failure } from "../../../common/failure.ts";
import { data } from "../../app/data.ts";
import { useServices } from "../../app/services.ts";
import { useAppDispatch, useAppSelector } from "../../app/store.ts";
import { basketEmptied } from "./basket.ts";
import { useBasketQuote } from "./use-quote.ts";

/** After these it is not known whether the order was placed. */
const UNSURE: readonly Failure["code"][] = ["offline", "hub.overloaded", "internal"];

/**
 * Places the basket as an order at the total that was seen. The same basket at the same total keeps its key, so a second
 * press after a lost answer gives the same order; anything else is another intention. `place` answers whether it stands.
 */
export function usePlaceOrder(onPlaced: (order: SeenOrder) => void) {
  const { apis, newKey } = useServices();
  const { basket, input } = useBasketQuote();
  const place = useAppSelector((state) => state.place);
  const dispatch = useAppDispatch();
  const intention = useRef({ body: "", key: "" });
  const [isPlacing, setPlacing] = useState(false);
  const [failure, setFailure] = useState<Failure>();

  const placeOrder = async (expectedTotalMinor: number) => {
    if (!input || isPlacing) return false;
    const where = input.drop ? { dropLine: place.line, dropInstructions: place.instructions } : {};
    const order = { ...input, ...where, expectedTotalMinor, note: basket.note };
    const body = JSON.stringify(order);
    if (intention.current.body !== body) intention.current = { body, key: newKey() };
    setPlacing(true);
    setFailure(undefined);
    try {
      const placed = await apis.customer.call("order.place", order, { key: intention.current.key });
      dispatch(data.util.invalidateTags(["MyOrders"]));
      onPlaced(placed);
      dispatch(basketEmptied());
      return true;
    } catch (error) {
      const refused = failureOf(error);
      // A meant refusal has ended this intention; without an answer the order may exist, and the key finds it.
      if (!UNSURE.includes(refused.code)) intention.current = { body: "", key: "" };
      setFailure(refused);
      setPlacing(false);
      return false;
    }
  };

  return { place: placeOrder, isPlacing, failure };
}
