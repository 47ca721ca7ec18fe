import type { Basket } from "../../contracts/catalogue/browsing.ts";
import { Refusal } from "../../contracts/errors.ts";
import type { PriceBreakdown } from "../../contracts/money.ts";
import type { ModifierGroup, OrderLine } from "../../contracts/views.ts";

/** What a restaurant asks for, beside its food. */
export interface Tariff {
  readonly minimumMinor: number;
  readonly deliveryBaseMinor: number;
  /** For every started kilometre. */
  readonly deliveryPerKmMinor: number;
  readonly serviceFeeBasisPoints: number;
  readonly deliveryRadiusM: number;
}

export interface PricedItem {
  readonly id: string;
  readonly name: string;
  readonly priceMinor: number;
  readonly available: boolean;
  /** Null: not counted. */
  readonly stock: number | null;
  readonly modifierGroups: readonly ModifierGroup[];
}

export interface PricingInput {
  readonly basket: Basket;
  readonly restaurant: Tariff;
  /** The basket's items by id, archived ones left out. */
  readonly items: ReadonlyMap<string, PricedItem>;
  /** From the restaurant to the drop, metres >= 0; 0 for take-away. */
  readonly distanceM: number;
  readonly taxBasisPoints: number;
}

/** The largest amount that the contracts carry. */
const MOST_MINOR = 100_000_000;
const WHOLE = 10_000;

/**
 * What a basket costs, line by line. The one place where prices are made: quote and placement both ask it. [PRC1-PRC12]
 *
 * @throws {Refusal} `menu.not-found`, `menu.unavailable`, `menu.modifiers`, `restaurant.out-of-area`,
 *   `quote.below-minimum`; `payload.invalid` for a basket that no amount can hold
 */
export function priceBasket(input: PricingInput): { price: PriceBreakdown; lines: OrderLine[] } {
  const { basket, restaurant, items } = input;
  const distanceM = basket.kind === "delivery" ? Math.round(input.distanceM) : 0;
  if (distanceM > restaurant.deliveryRadiusM) {
    throw new Refusal(
      "restaurant.out-of-area",
      `${distanceM} m away; it delivers within ${restaurant.deliveryRadiusM} m`,
    );
  }
  refuseSoldOut(basket, items);
  const lines = basket.lines.map((line) => priceLine(line, items));
  const itemsMinor = lines.reduce((sum, line) => sum + line.totalMinor, 0);
  if (itemsMinor < restaurant.minimumMinor) {
    throw new Refusal("quote.below-minimum", `items cost ${itemsMinor}, the minimum is ${restaurant.minimumMinor}`);
  }
  const deliveryMinor = basket.kind === "delivery" ? deliveryFee(restaurant, distanceM) : 0;
  const serviceFeeMinor = share(itemsMinor, restaurant.serviceFeeBasisPoints, WHOLE);
  const taxedMinor = itemsMinor + deliveryMinor + serviceFeeMinor;
  const price = {
    itemsMinor,
    deliveryMinor,
    serviceFeeMinor,
    tipMinor: basket.tipMinor,
    totalMinor: taxedMinor + basket.tipMinor,
    // Prices include the tax, so it is taken out of them: t / (1 + t). A tip is not taxed.
    taxMinor: share(taxedMinor, input.taxBasisPoints, WHOLE + input.taxBasisPoints),
    distanceM,
  };
  if (price.totalMinor > MOST_MINOR)
    throw new Refusal("payload.invalid", "the basket costs more than can be paid at once");
  return { price, lines };
}

function deliveryFee(restaurant: Tariff, distanceM: number): number {
  return restaurant.deliveryBaseMinor + restaurant.deliveryPerKmMinor * Math.ceil(distanceM / 1000);
}

/** `amount * part / whole`, half a unit up. All are integers below 2^53, so nothing is lost before the division. */
function share(amountMinor: number, part: number, whole: number): number {
  return Math.floor((2 * amountMinor * part + whole) / (2 * whole));
}

/** The same item on several lines counts against its stock together. */
function refuseSoldOut(basket: Basket, items: PricingInput["items"]): void {
  const wanted = new Map<string, number>();
  for (const line of basket.lines) wanted.set(line.itemId, (wanted.get(line.itemId) ?? 0) + line.quantity);
  for (const [itemId, quantity] of wanted) {
    const item = items.get(itemId);
    if (!item) throw new Refusal("menu.not-found", `no item ${itemId} on this menu`);
    if (!item.available) throw new Refusal("menu.unavailable", `${item.name} is sold out`);
    if (item.stock !== null && item.stock < quantity) {
      throw new Refusal("menu.unavailable", `${item.name}: only ${item.stock} left`);
    }
  }
}

function priceLine(line: Basket["lines"][number], items: PricingInput["items"]): OrderLine {
  const item = items.get(line.itemId);
  if (!item) throw new Refusal("menu.not-found", `no item ${line.itemId} on this menu`);
  const modifiers = chosen(item, line.optionIds);
  const unitMinor = item.priceMinor + modifiers.reduce((sum, modifier) => sum + modifier.priceMinor, 0);
  const totalMinor = unitMinor * line.quantity;
  // A line stands in the contracts with amounts of its own, which have the same bound.
  if (totalMinor > MOST_MINOR)
    throw new Refusal("payload.invalid", `${item.name}: costs more than can be paid at once`);
  return {
    itemId: item.id,
    name: item.name,
    quantity: line.quantity,
    unitMinor,
    totalMinor,
    modifiers,
    note: line.note,
  };
}

/** The chosen options in the menu's order, so that the order of clicking makes no difference. */
function chosen(item: PricedItem, optionIds: readonly string[]): OrderLine["modifiers"] {
  const modifiers: OrderLine["modifiers"] = [];
  for (const group of item.modifierGroups) {
    const before = modifiers.length;
    for (const option of group.options) {
      const times = optionIds.filter((id) => id === option.id).length;
      if (times > 0 && !option.available) throw new Refusal("menu.unavailable", `${option.name} is sold out`);
      for (let time = 0; time < times; time++) {
        modifiers.push({
          groupName: group.name,
          optionId: option.id,
          name: option.name,
          priceMinor: option.priceMinor,
        });
      }
    }
    const count = modifiers.length - before;
    if (count < group.minChoices || count > group.maxChoices) {
      const wanted =
        group.minChoices === group.maxChoices ? `${group.minChoices}` : `${group.minChoices} to ${group.maxChoices}`;
      throw new Refusal("menu.modifiers", `${item.name}, ${group.name}: choose ${wanted}, not ${count}`);
    }
  }
  if (modifiers.length !== optionIds.length) {
    throw new Refusal("menu.modifiers", `${item.name}: a chosen option is not one of its own`);
  }
  return modifiers;
}
