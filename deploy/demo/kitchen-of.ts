import type { CityPlace } from "#shared/domain/city/city.ts";
import { fold } from "#shared/domain/geocoding/words.ts";

import { ASIAN_KITCHENS } from "./dishes/asian-kitchens.ts";
import type { Kitchen } from "./dishes/dish.ts";
import { EVERYDAY_KITCHENS } from "./dishes/everyday-kitchens.ts";
import { LOCAL_KITCHENS } from "./dishes/local-kitchens.ts";
import { QUICK_KITCHENS } from "./dishes/quick-kitchens.ts";
import { WESTERN_KITCHENS } from "./dishes/western-kitchens.ts";

export const KITCHENS = {
  ...LOCAL_KITCHENS,
  ...EVERYDAY_KITCHENS,
  ...QUICK_KITCHENS,
  ...ASIAN_KITCHENS,
  ...WESTERN_KITCHENS,
} as const satisfies Record<string, Kitchen>;
export type KitchenKind = keyof typeof KITCHENS;

/** OpenStreetMap's values of `cuisine`, by the kitchen that they are. */
const BY_CUISINE: Readonly<Record<KitchenKind, readonly string[]>> = {
  pizza: ["pizza", "italian_pizza"],
  burger: ["burger", "american", "diner"],
  pasta: ["italian", "pasta"],
  chicken: ["chicken", "wings"],
  sushi: ["sushi", "japanese"],
  chinese: ["chinese", "asian", "noodles", "thai", "korean", "vietnamese", "ramen"],
  mexican: ["mexican", "tex-mex", "tacos"],
  peruvian: ["peruvian", "latin_american"],
  indian: ["indian", "curry"],
  arab: ["arab", "kebab", "lehmeyun", "lebanese", "turkish", "armenian", "falafel", "middle_eastern"],
  seafood: ["seafood", "fish", "fish_and_chips"],
  green: ["vegetarian", "vegan", "salad", "healthy"],
  crepes: ["crepe", "crepes", "french", "pancake"],
  spanish: ["spanish", "tapas", "basque", "mediterranean"],
  grill: ["grill", "barbecue", "bbq", "steak_house", "steak", "argentinian", "argentine", "parrilla", "asado"],
  chivito: ["chivito", "sandwich"],
  home: ["regional", "local", "international", "uruguayan", "fine_dining", "lunch", "german", "heuriger"],
  bakery: ["bakery", "empanada", "empanadas", "cake", "pastry", "bread"],
  bar: ["picadas", "tapas_bar", "pub"],
  cafe: ["coffee_shop", "coffee", "breakfast", "tea", "brunch", "dessert", "bagel"],
  iceCream: ["ice_cream", "frozen_yogurt"],
  street: ["hotdog", "hot_dog", "sausage", "friture", "fast_food"],
};
const KITCHEN_OF_CUISINE = new Map(
  Object.entries(BY_CUISINE).flatMap(([kind, values]) => values.map((value) => [value, kind as KitchenKind] as const)),
);

/** Beginnings of words in a name that say what is cooked there, without marks. */
const BY_WORD: readonly (readonly [RegExp, KitchenKind])[] = [
  [/\b(pizz|fain|tacho)/u, "pizza"],
  [/\b(parrill|asado|brasa|fogon|lena\b)/u, "grill"],
  [/\b(chivit|sandwich)/u, "chivito"],
  [/\b(helad|grido|gelat|cremeri)/u, "iceCream"],
  [/\b(burger|hamburg|mcdonald)/u, "burger"],
  [/\b(sushi|nikkei)/u, "sushi"],
  [/\b(pasta|trattori|ristorante|raviol)/u, "pasta"],
  [/\b(panader|confiter|bakery|empanad)/u, "bakery"],
  [/\b(cafe|coffee|starbucks|te\b)/u, "cafe"],
  [/\b(pollo|chicken)/u, "chicken"],
  [/\b(wok|chino|china|oriental)/u, "chinese"],
  [/\b(taco|burrito|mexic)/u, "mexican"],
  [/\b(peru|cevich)/u, "peruvian"],
  [/\b(lehmeyun|shawarma|kebab|falafel|armeni|arabe)/u, "arab"],
  [/\b(pesca|marisc|puerto|marin)/u, "seafood"],
  [/\b(vegan|vegetar|verde|natural)/u, "green"],
  [/\b(crep)/u, "crepes"],
  [/\b(carrito|pancho|hot dog)/u, "street"],
];

/** By OpenStreetMap's kind, for a place of which nothing else is known. */
const BY_KIND: Readonly<Record<string, KitchenKind>> = {
  cafe: "cafe",
  ice_cream: "iceCream",
  fast_food: "street",
  bar: "bar",
  pub: "bar",
  biergarten: "bar",
  food_court: "chivito",
  bakery: "bakery",
  pastry: "bakery",
  confectionery: "bakery",
  deli: "chivito",
};

/** What kind of kitchen a place is: by its cuisine, else by the words of its name, else by its kind. [DMO1] */
export function kitchenOf({ name, kind, cuisines }: Pick<CityPlace, "name" | "kind" | "cuisines">): KitchenKind {
  for (const cuisine of cuisines) {
    const known = KITCHEN_OF_CUISINE.get(cuisine.trim().toLowerCase());
    if (known) return known;
  }
  const folded = fold(name);
  return BY_WORD.find(([word]) => word.test(folded))?.[1] ?? BY_KIND[kind] ?? "home";
}
