import type { ChoiceName } from "./dish.ts";

/** A group of choices: its name, fewest and most, and what there is with the pesos that it adds. */
export type Choice = readonly [
  name: string,
  minChoices: number,
  maxChoices: number,
  options: readonly (readonly [name: string, pesos: number])[],
];

export const CHOICES: Readonly<Record<ChoiceName, Choice>> = {
  pizzaSize: [
    "Size",
    1,
    1,
    [
      ["For one", 0],
      ["For two", 260],
      ["By the metre, for four", 640],
    ],
  ],
  toppings: [
    "More on top",
    0,
    4,
    [
      ["Extra mozzarella", 90],
      ["Olives", 60],
      ["Ham", 90],
      ["Anchovies", 110],
      ["Peppers", 60],
    ],
  ],
  doneness: [
    "How done",
    1,
    1,
    [
      ["Rare (jugoso)", 0],
      ["Medium (a punto)", 0],
      ["Well done (cocido)", 0],
    ],
  ],
  burgerExtras: [
    "Extras",
    0,
    4,
    [
      ["Cheddar", 70],
      ["Bacon", 90],
      ["Fried egg", 60],
      ["Caramelised onion", 60],
      ["Second patty", 190],
    ],
  ],
  side: [
    "Side",
    1,
    1,
    [
      ["Fries", 0],
      ["Mashed potatoes", 0],
      ["Green salad", 0],
      ["Russian salad", 30],
    ],
  ],
  sauce: [
    "Sauce",
    0,
    2,
    [
      ["Chimichurri", 0],
      ["Salsa criolla", 0],
      ["Roquefort", 70],
      ["Mushroom", 90],
    ],
  ],
  pasta: [
    "Sauce",
    1,
    1,
    [
      ["Tomato and basil", 0],
      ["Caruso (cream, ham, mushrooms)", 70],
      ["Bolognese", 60],
      ["Pesto", 60],
    ],
  ],
  milk: [
    "Milk",
    1,
    1,
    [
      ["Cow's milk", 0],
      ["Lactose-free", 20],
      ["Oat drink", 40],
    ],
  ],
  cupSize: [
    "Size",
    1,
    1,
    [
      ["Small, 180 ml", 0],
      ["Large, 300 ml", 50],
    ],
  ],
  flavours: [
    "Flavours",
    1,
    3,
    [
      ["Dulce de leche", 0],
      ["Chocolate", 0],
      ["Sambayón", 0],
      ["Frutilla", 0],
      ["Limón (without milk)", 0],
      ["Vainilla", 0],
      ["Pistacho", 60],
    ],
  ],
  iceCreamToppings: [
    "On top",
    0,
    2,
    [
      ["Chocolate sauce", 40],
      ["Nuts", 50],
      ["Whipped cream", 50],
    ],
  ],
  pieces: [
    "Pieces",
    1,
    1,
    [
      ["8 pieces", 0],
      ["15 pieces", 420],
      ["30 pieces", 1190],
    ],
  ],
  heat: [
    "How hot",
    1,
    1,
    [
      ["Mild", 0],
      ["Medium", 0],
      ["Hot", 0],
    ],
  ],
  sushiExtras: [
    "With it",
    0,
    3,
    [
      ["More ginger", 30],
      ["More wasabi", 30],
      ["Teriyaki sauce", 50],
      ["Chopsticks", 0],
    ],
  ],
  tortilla: [
    "Tortilla",
    1,
    1,
    [
      ["Maize", 0],
      ["Wheat", 0],
    ],
  ],
  dip: [
    "Dip",
    0,
    2,
    [
      ["Garlic mayonnaise", 50],
      ["Barbecue", 50],
      ["Honey and mustard", 50],
      ["Hot sauce", 50],
    ],
  ],
  dressing: [
    "Dressing",
    1,
    1,
    [
      ["Olive oil and lemon", 0],
      ["Caesar", 0],
      ["Honey and mustard", 0],
    ],
  ],
  bread: [
    "Bread",
    1,
    1,
    [
      ["White tortuga", 0],
      ["Wholemeal", 20],
      ["Ciabatta", 30],
    ],
  ],
  chivitoExtras: [
    "Extras",
    0,
    4,
    [
      ["Pickles", 40],
      ["Palm hearts", 90],
      ["Second egg", 60],
      ["More bacon", 90],
      ["Cheese", 70],
    ],
  ],
};
