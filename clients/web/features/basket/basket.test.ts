import { expect, test } from "vitest";

import {
  basketSlice,
  countOf,
  emptyBasket,
  kindChosen,
  lineAdded,
  quantitySet,
  quoteInput,
  tipChosen,
} from "./basket.ts";

const reduce = basketSlice.reducer;
const dal = { itemId: "dal", name: "Dal", optionIds: ["b", "a"], choices: "", note: "", quantity: 1 };
const from = (restaurantId: string, line = dal) =>
  lineAdded({ marketId: "turin", restaurantId, restaurantName: restaurantId, line });
const here = { lat: 45, lng: 7 };

test("the same choice in another order is one line; another note is another", () => {
  let basket = reduce(emptyBasket, from("r1"));
  basket = reduce(basket, from("r1", { ...dal, optionIds: ["a", "b"], quantity: 2 }));
  expect(basket.lines).toHaveLength(1);
  expect(countOf(basket)).toBe(3);
  basket = reduce(basket, from("r1", { ...dal, note: "mild" }));
  expect(basket.lines).toHaveLength(2);
});

test("another restaurant starts a new basket", () => {
  const basket = reduce(reduce(emptyBasket, from("r1")), from("r2", { ...dal, itemId: "naan" }));
  expect(basket.lines.map((line) => line.itemId)).toEqual(["naan"]);
  expect(basket.restaurantId).toBe("r2");
});

test("a quantity stays within what the contract takes, and zero takes the line out", () => {
  const basket = reduce(emptyBasket, from("r1"));
  expect(reduce(basket, quantitySet({ at: 0, quantity: 500 })).lines[0]?.quantity).toBe(99);
  expect(reduce(basket, quantitySet({ at: 0, quantity: 0 })).lines).toEqual([]);
});

test("a delivery needs a place before it can be quoted; take-away needs none and takes no courier's tip", () => {
  const basket = reduce(reduce(emptyBasket, from("r1")), tipChosen(200));
  expect(quoteInput(basket, null)).toBeUndefined();
  expect(quoteInput(basket, here)).toMatchObject({ drop: here, tipMinor: 200 });
  expect(quoteInput(reduce(basket, kindChosen("takeaway")), here)).toMatchObject({ drop: null, tipMinor: 0 });
  expect(quoteInput(emptyBasket, here)).toBeUndefined();
});
