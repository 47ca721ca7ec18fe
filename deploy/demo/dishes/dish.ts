/** Demo data: kinds of kitchens and what they cook. Dishes are common ones; prices are typical guesses in Uruguayan pesos. */

/** What a guest chooses with a dish: see choices.ts. */
export type ChoiceName =
  | "pizzaSize"
  | "toppings"
  | "doneness"
  | "burgerExtras"
  | "side"
  | "sauce"
  | "pasta"
  | "milk"
  | "cupSize"
  | "flavours"
  | "iceCreamToppings"
  | "pieces"
  | "heat"
  | "sushiExtras"
  | "tortilla"
  | "dip"
  | "dressing"
  | "bread"
  | "chivitoExtras";

/**
 * Name, description, pesos; then, where there is something to say, marks and choices. Marks: `V` vegetarian, `VG` vegan,
 * and what is in it: `w` wheat, `m` milk, `e` egg, `f` fish, `s` shellfish, `n` nuts, `y` soy, `p` peanut, `t` sesame.
 */
export type Dish = readonly [
  name: string,
  description: string,
  pesos: number,
  marks?: string,
  choices?: readonly ChoiceName[],
];

/** A section of a menu: its name, how many of its dishes a kitchen has, and the dishes. */
export type Section = readonly [name: string, count: number, dishes: readonly Dish[]];

/** A kind of kitchen. */
export interface Kitchen {
  /** Said to customers as the cuisine. */
  readonly cuisine: string;
  readonly prepMinutes: number;
  readonly sections: readonly Section[];
}

export const DRINKS: Section = [
  "Drinks",
  4,
  [
    ["Agua mineral", "Still water, 500 ml", 110],
    ["Agua con gas", "Sparkling water, 500 ml", 110],
    ["Pomelo", "Grapefruit soda, 500 ml", 150],
    ["Refresco cola", "500 ml", 150],
    ["Refresco cola sin azúcar", "Without sugar, 500 ml", 150],
    ["Limonada con menta", "Pressed to order, 400 ml", 190],
    ["Jugo de naranja", "Freshly pressed, 350 ml", 210],
  ],
];

export const DESSERTS: Section = [
  "Desserts",
  3,
  [
    ["Flan con dulce de leche", "Egg custard with caramel", 220, "V me"],
    ["Chajá", "Sponge, cream, meringue and peach, the cake of Paysandú", 290, "V wme"],
    ["Panqueque de dulce de leche", "Pancake, burnt sugar on top", 260, "V wme"],
    ["Mousse de chocolate", "Dark chocolate", 240, "V me"],
    ["Ensalada de fruta", "Fruit of the season", 190, "VG"],
    ["Postre vigilante", "Cheese and quince paste", 210, "V m"],
  ],
];
