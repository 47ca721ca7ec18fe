import type { CommandInput } from "#shared/contracts/catalogue/catalogue.ts";
import type { MenuView, ModifierGroup } from "#shared/contracts/views.ts";
import type { Rng } from "#shared/lib/rng.ts";

export type BasketLines = CommandInput<"quote.make">["lines"];

/** More than this nobody orders here. */
const MOST_LINES = 12;

/**
 * Something to eat: dishes that are to be had, with the choices that they ask for, until the minimum is reached.
 *
 * @returns undefined when the menu has nothing that can be ordered
 */
export function basketFor(menu: MenuView, minimumMinor: number, rng: Rng): BasketLines | undefined {
  const items = menu.categories
    .flatMap((category) => category.items)
    .filter((item) => item.available && (item.stock === null || item.stock >= MOST_LINES))
    .filter((item) => item.priceMinor > 0 && item.modifierGroups.every(canChoose));
  if (items.length === 0) return undefined;
  const lines: BasketLines = [];
  const wanted = 1 + Math.floor(rng() * 3);
  for (let sumMinor = 0; lines.length < MOST_LINES && (lines.length < wanted || sumMinor < minimumMinor);) {
    const item = items[Math.floor(rng() * items.length)];
    if (!item) break;
    lines.push({ itemId: item.id, quantity: 1, optionIds: item.modifierGroups.flatMap((group) => chosen(group, rng)) });
    sumMinor += item.priceMinor;
  }
  return lines;
}

function canChoose(group: ModifierGroup): boolean {
  return group.options.filter((option) => option.available).length >= group.minChoices;
}

function chosen(group: ModifierGroup, rng: Rng): string[] {
  const open = group.options.filter((option) => option.available);
  const count = Math.min(open.length, group.maxChoices, group.minChoices + (rng() < 0.4 ? 1 : 0));
  const ids: string[] = [];
  while (ids.length < count) {
    const [option] = open.splice(Math.floor(rng() * open.length), 1);
    if (option) ids.push(option.id);
  }
  return ids;
}
