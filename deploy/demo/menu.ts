import { CHOICES } from "./dishes/choices.ts";
import type { ChoiceName, Dish } from "./dishes/dish.ts";
import { KITCHENS, type KitchenKind } from "./kitchen-of.ts";
import { pick, rngOf } from "./seed-of.ts";

export interface DemoOption {
  readonly name: string;
  readonly priceMinor: number;
}

export interface DemoChoice {
  readonly name: string;
  readonly minChoices: number;
  readonly maxChoices: number;
  readonly options: readonly DemoOption[];
}

export interface DemoItem {
  readonly name: string;
  readonly description: string;
  /** Centésimos, hundredths of a peso. */
  readonly priceMinor: number;
  readonly choices: readonly DemoChoice[];
}

export interface DemoSection {
  readonly name: string;
  readonly items: readonly DemoItem[];
}

const DIETS: Readonly<Record<string, string>> = { V: "Vegetarian", VG: "Vegan" };
const CONTAINS: Readonly<Record<string, string>> = {
  w: "wheat",
  m: "milk",
  e: "egg",
  f: "fish",
  s: "shellfish",
  n: "nuts",
  y: "soy",
  p: "peanut",
  t: "sesame",
};

/** How far a house's prices are from the usual ones: by so much dearer or cheaper. */
const PRICE_SPREAD = 0.16;

/**
 * A menu for a house that cooks so: some of the kitchen's dishes, at the house's own level of prices, whole tens of
 * pesos. The name alone decides. [DMO2]
 */
export function menuFor(name: string, kind: KitchenKind): readonly DemoSection[] {
  const rng = rngOf(name);
  const level = 1 + (rng() * 2 - 1) * PRICE_SPREAD;
  return KITCHENS[kind].sections.map(([section, count, dishes]) => ({
    name: section,
    items: pick(dishes, count, rng).map((dish) => itemOf(dish, level)),
  }));
}

function itemOf([name, description, pesos, marks = "", choices = []]: Dish, level: number): DemoItem {
  return {
    name,
    description: [description, ...wordsOf(marks)].join(". "),
    priceMinor: tens(pesos * level) * 100,
    choices: choices.map((each) => choiceOf(each, level)),
  };
}

function choiceOf(choice: ChoiceName, level: number): DemoChoice {
  const [name, minChoices, maxChoices, options] = CHOICES[choice];
  return {
    name,
    minChoices,
    maxChoices,
    options: options.map(([option, pesos]) => ({ name: option, priceMinor: tens(pesos * level) * 100 })),
  };
}

function tens(pesos: number): number {
  return Math.round(pesos / 10) * 10;
}

function wordsOf(marks: string): readonly string[] {
  const [, diet = "", contains = ""] = /^(VG|V)?\s*([a-z]*)$/u.exec(marks) ?? [];
  const held = contains.split("").flatMap((mark) => CONTAINS[mark] ?? []);
  const words = [DIETS[diet] ?? "", held.length > 0 ? `Contains ${held.join(", ")}` : ""];
  return words.filter((word) => word !== "");
}
