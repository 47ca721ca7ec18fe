import fc from "fast-check";
import { expect, test } from "vitest";

import type { Basket } from "../../contracts/catalogue/browsing.ts";
import { Refusal } from "../../contracts/errors.ts";
import { priceBasket, type PricedItem, type PricingInput } from "./price.ts";

const id = (number: number) => `0198c0de-0000-7000-8000-${String(number).padStart(12, "0")}`;

const pizza: PricedItem = {
  id: id(1),
  name: "Pizza",
  priceMinor: 1_000,
  available: true,
  stock: 5,
  modifierGroups: [
    {
      id: id(10),
      name: "Size",
      minChoices: 1,
      maxChoices: 1,
      options: [
        { id: id(11), name: "Small", priceMinor: 0, available: true },
        { id: id(12), name: "Large", priceMinor: 400, available: true },
      ],
    },
    {
      id: id(20),
      name: "Toppings",
      minChoices: 0,
      maxChoices: 3,
      options: [
        { id: id(21), name: "Olives", priceMinor: 150, available: true },
        { id: id(22), name: "Anchovies", priceMinor: 200, available: false },
      ],
    },
  ],
};
const soda: PricedItem = { id: id(2), name: "Soda", priceMinor: 250, available: true, stock: null, modifierGroups: [] };
const soup: PricedItem = { ...soda, id: id(3), name: "Soup", available: false };

const tariff = {
  minimumMinor: 500,
  deliveryBaseMinor: 200,
  deliveryPerKmMinor: 50,
  serviceFeeBasisPoints: 750,
  deliveryRadiusM: 5_000,
};
const line = (itemId: string, quantity: number, optionIds: string[] = []) => ({
  itemId,
  quantity,
  optionIds,
  note: "",
});
const basketOf = (...lines: Basket["lines"]): Basket => ({
  restaurantId: id(99),
  kind: "delivery",
  lines,
  drop: { lat: 0, lng: 0 },
  tipMinor: 100,
});
const inputOf = (basket: Basket, more: Partial<PricingInput> = {}): PricingInput => ({
  basket,
  restaurant: tariff,
  items: new Map([pizza, soda, soup].map((item) => [item.id, item])),
  distanceM: 2_001,
  taxBasisPoints: 2_200,
  ...more,
});

function codeOf(input: PricingInput): string {
  try {
    priceBasket(input);
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
  return "priced";
}

const SMALL = [id(11)];
const options = fc.constantFrom<string[][]>([id(11)], [id(12)], [id(11), id(21)], [id(21), id(12), id(21)]);
const baskets = fc
  .record({
    pizzas: options.chain((optionIds) =>
      fc.integer({ min: 1, max: 5 }).map((quantity) => line(pizza.id, quantity, optionIds)),
    ),
    sodas: fc.array(
      fc.integer({ min: 1, max: 20 }).map((quantity) => line(soda.id, quantity)),
      { maxLength: 4 },
    ),
    tipMinor: fc.integer({ min: 0, max: 5_000 }),
  })
  .map(({ pizzas, sodas, tipMinor }) => ({ ...basketOf(pizzas, ...sodas), tipMinor }));
const tariffs = fc.record({
  minimumMinor: fc.constant(0),
  deliveryBaseMinor: fc.integer({ min: 0, max: 1_000 }),
  deliveryPerKmMinor: fc.integer({ min: 0, max: 300 }),
  serviceFeeBasisPoints: fc.integer({ min: 0, max: 10_000 }),
  deliveryRadiusM: fc.constant(100_000),
});
const inputs = fc
  .record({
    basket: baskets,
    restaurant: tariffs,
    distanceM: fc.double({ min: 0, max: 100_000, noNaN: true }),
    taxBasisPoints: fc.integer({ min: 0, max: 10_000 }),
  })
  .map(({ basket, ...more }) => inputOf(basket, more));

test("[PRC1] a whole basket by hand", () => {
  const { price, lines } = priceBasket(inputOf(basketOf(line(pizza.id, 2, [id(12), id(21)]), line(soda.id, 1))));
  expect(lines.map(({ unitMinor, totalMinor }) => [unitMinor, totalMinor])).toEqual([
    [1_550, 3_100],
    [250, 250],
  ]);
  expect(price).toEqual({
    itemsMinor: 3_350,
    deliveryMinor: 350,
    serviceFeeMinor: 251,
    tipMinor: 100,
    totalMinor: 4_051,
    taxMinor: 712,
    distanceM: 2_001,
  });
});

test("[PRC2] the parts sum to the total and the lines to the items, in whole units", () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const { price, lines } = priceBasket(input);
      expect(lines.reduce((sum, each) => sum + each.totalMinor, 0)).toBe(price.itemsMinor);
      for (const each of lines) expect(each.unitMinor * each.quantity).toBe(each.totalMinor);
      const { itemsMinor, deliveryMinor, serviceFeeMinor, tipMinor, totalMinor, ...others } = price;
      expect(itemsMinor + deliveryMinor + serviceFeeMinor + tipMinor).toBe(totalMinor);
      expect(
        Object.values({ ...price, ...others }).every((amount) => Number.isSafeInteger(amount) && amount >= 0),
      ).toBe(true);
    }),
  );
});

test("[PRC3] more food, a longer way or a larger tip never costs less", () => {
  fc.assert(
    fc.property(inputs, fc.integer({ min: 0, max: 3_000 }), (input, more) => {
      const before = priceBasket(input).price.totalMinor;
      const longer = { ...input, distanceM: Math.min(100_000, input.distanceM + more) };
      const tipped = { ...input, basket: { ...input.basket, tipMinor: input.basket.tipMinor + more } };
      const fuller = {
        ...input,
        basket: { ...input.basket, lines: [...input.basket.lines, line(soda.id, 1 + (more % 20))] },
      };
      for (const each of [longer, tipped, fuller])
        expect(priceBasket(each).price.totalMinor).toBeGreaterThanOrEqual(before);
    }),
  );
});

test("[PRC4] neither the order of the lines nor of the choices changes a price", () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const lines = input.basket.lines
        .toReversed()
        .map((each) => ({ ...each, optionIds: each.optionIds.toReversed() }));
      const turned = priceBasket({ ...input, basket: { ...input.basket, lines } });
      const straight = priceBasket(input);
      expect(turned.price).toEqual(straight.price);
      expect(turned.lines.toReversed()).toEqual(straight.lines);
    }),
  );
});

test("[PRC5] the tax is the part of the total without the tip that makes the rest taxed at the rate", () => {
  fc.assert(
    fc.property(inputs, (input) => {
      const { totalMinor, tipMinor, taxMinor } = priceBasket(input).price;
      const net = totalMinor - tipMinor - taxMinor;
      expect(Math.abs(net * (input.taxBasisPoints / 10_000) - taxMinor)).toBeLessThanOrEqual(1);
    }),
  );
});

test("[PRC6] delivery costs the base and every started kilometre; take-away costs none", () => {
  const basket = basketOf(line(soda.id, 4));
  const feeAt = (distanceM: number) => priceBasket(inputOf(basket, { distanceM })).price.deliveryMinor;
  expect([0, 1, 1_000, 1_001, 5_000].map(feeAt)).toEqual([200, 250, 250, 300, 450]);
  const takeaway: Basket = { ...basket, kind: "takeaway", drop: null };
  expect(priceBasket(inputOf(takeaway)).price).toMatchObject({ deliveryMinor: 0, distanceM: 0 });
});

test("[PRC7] a drop beyond the delivery radius is refused", () => {
  const basket = basketOf(line(soda.id, 4));
  expect(codeOf(inputOf(basket, { distanceM: 5_000.4 }))).toBe("priced");
  expect(codeOf(inputOf(basket, { distanceM: 5_000.6 }))).toBe("restaurant.out-of-area");
});

test("[PRC8] the minimum is of the items alone", () => {
  expect(codeOf(inputOf(basketOf(line(soda.id, 1))))).toBe("quote.below-minimum");
  expect(codeOf(inputOf(basketOf(line(soda.id, 2))))).toBe("priced");
});

test("[PRC9] each group of choices holds its least and its most, an option may be taken twice", () => {
  expect(codeOf(inputOf(basketOf(line(pizza.id, 1))))).toBe("menu.modifiers");
  expect(codeOf(inputOf(basketOf(line(pizza.id, 1, [id(11), id(12)]))))).toBe("menu.modifiers");
  expect(codeOf(inputOf(basketOf(line(pizza.id, 1, [id(11), id(21), id(21), id(21)]))))).toBe("priced");
  expect(codeOf(inputOf(basketOf(line(pizza.id, 1, [id(11), id(21), id(21), id(21), id(21)]))))).toBe("menu.modifiers");
});

test("[PRC10] an option of another item, or of none, is refused", () => {
  expect(codeOf(inputOf(basketOf(line(soda.id, 4, SMALL))))).toBe("menu.modifiers");
  expect(codeOf(inputOf(basketOf(line(pizza.id, 1, [id(11), id(77)]))))).toBe("menu.modifiers");
});

test("[PRC11] what is sold out is refused: an item, an option, and more than there is over all lines", () => {
  expect(codeOf(inputOf(basketOf(line(soup.id, 4))))).toBe("menu.unavailable");
  expect(codeOf(inputOf(basketOf(line(pizza.id, 1, [id(11), id(22)]))))).toBe("menu.unavailable");
  expect(codeOf(inputOf(basketOf(line(pizza.id, 5, SMALL))))).toBe("priced");
  expect(codeOf(inputOf(basketOf(line(pizza.id, 3, SMALL), line(pizza.id, 3, SMALL))))).toBe("menu.unavailable");
  expect(codeOf(inputOf(basketOf(line(id(55), 1))))).toBe("menu.not-found");
});

test("[PRC12] a basket that no amount can hold is refused", () => {
  const dear = { ...soda, priceMinor: 100_000_000 };
  const items = new Map([[dear.id, dear]]);
  expect(codeOf(inputOf(basketOf(line(dear.id, 2)), { items }))).toBe("payload.invalid");
  expect(codeOf(inputOf(basketOf(line(dear.id, 1)), { items }))).toBe("payload.invalid");
});
