import type { Point } from "#shared/contracts/geo.ts";

import type { NewMarket } from "./seed.ts";

/** The market that `npm start` opens on. Demo data: the places are points on the map, the kitchens are made up by cuisine. */
export const DEMO_MARKET: NewMarket = {
  id: "demo",
  name: "Montevideo (demo)",
  timeZone: "America/Montevideo",
  currency: "UYU",
  locale: "es-UY",
  taxBasisPoints: 1000,
  center: { lat: -34.9055, lng: -56.185 },
};

export interface DemoDish {
  readonly name: string;
  readonly description: string;
  readonly pricePesos: number;
  /** Name of the group, fewest and most choices, and what there is with what it adds. */
  readonly choices?: readonly (readonly [string, number, number, readonly (readonly [string, number])[]])[];
}

export interface DemoRestaurant {
  readonly name: string;
  readonly cuisine: string;
  readonly description: string;
  readonly addressLine: string;
  readonly point: Point;
  readonly prepMinutes: number;
  readonly menu: readonly (readonly [string, readonly DemoDish[]])[];
}

const size = [
  "Size",
  1,
  1,
  [
    ["Small", 0],
    ["Large", 140],
  ],
] as const;
const extras = [
  "Extras",
  0,
  3,
  [
    ["Cheese", 60],
    ["Egg", 45],
    ["Bacon", 80],
    ["Avocado", 90],
  ],
] as const;
const drinks: readonly [string, readonly DemoDish[]] = [
  "Drinks",
  [
    { name: "Sparkling water", description: "500 ml", pricePesos: 90 },
    { name: "Lemonade with mint", description: "Pressed to order, 400 ml", pricePesos: 150 },
  ],
];

export const DEMO_RESTAURANTS: readonly DemoRestaurant[] = [
  {
    name: "Pizzería Centro",
    cuisine: "Pizza",
    description: "Wood oven, thin crust, fainá on the side.",
    addressLine: "Centro, by the square",
    point: { lat: -34.9062, lng: -56.1913 },
    prepMinutes: 12,
    menu: [
      [
        "Pizza",
        [
          { name: "Muzzarella", description: "Tomato, mozzarella, oregano", pricePesos: 320, choices: [size, extras] },
          { name: "Napolitana", description: "Tomato slices, garlic, basil", pricePesos: 380, choices: [size, extras] },
          { name: "Fugazzeta", description: "Onion and cheese, no tomato", pricePesos: 390, choices: [size] },
        ],
      ],
      ["Sides", [{ name: "Fainá", description: "Chickpea flatbread", pricePesos: 120 }]],
      drinks,
    ],
  },
  {
    name: "Parrilla del Puerto",
    cuisine: "Grill",
    description: "Meat and vegetables over embers.",
    addressLine: "Ciudad Vieja, near the market",
    point: { lat: -34.9068, lng: -56.2085 },
    prepMinutes: 18,
    menu: [
      [
        "From the grill",
        [
          { name: "Chivito", description: "Beef, ham, egg, lettuce, tomato", pricePesos: 520, choices: [extras] },
          { name: "Asado with chips", description: "Short ribs, 350 g", pricePesos: 690 },
          { name: "Provolone", description: "Grilled cheese, oregano", pricePesos: 330 },
        ],
      ],
      drinks,
    ],
  },
  {
    name: "Sushi Cordón",
    cuisine: "Japanese",
    description: "Rolls and bowls.",
    addressLine: "Cordón, upper street",
    point: { lat: -34.8995, lng: -56.1762 },
    prepMinutes: 15,
    menu: [
      [
        "Rolls",
        [
          { name: "Salmon roll", description: "Ten pieces", pricePesos: 540 },
          { name: "Vegetable roll", description: "Ten pieces, avocado and cucumber", pricePesos: 420 },
        ],
      ],
      ["Bowls", [{ name: "Poke", description: "Rice, fish, mango, sesame", pricePesos: 560, choices: [extras] }]],
      drinks,
    ],
  },
  {
    name: "Verde Parque",
    cuisine: "Vegetarian",
    description: "Salads, soups and stews without meat.",
    addressLine: "Parque Rodó, by the lake",
    point: { lat: -34.9121, lng: -56.1683 },
    prepMinutes: 9,
    menu: [
      [
        "Plates",
        [
          { name: "Lentil stew", description: "With squash and bread", pricePesos: 340 },
          { name: "Big salad", description: "Leaves, seeds, roasted vegetables", pricePesos: 360, choices: [extras] },
          { name: "Soup of the day", description: "Ask the kitchen", pricePesos: 260 },
        ],
      ],
      drinks,
    ],
  },
  {
    name: "Burger Palermo",
    cuisine: "Burgers",
    description: "Two smashed patties, soft bun.",
    addressLine: "Palermo, corner of the avenue",
    point: { lat: -34.9113, lng: -56.1807 },
    prepMinutes: 10,
    menu: [
      [
        "Burgers",
        [
          { name: "House burger", description: "Cheddar, pickles, onion", pricePesos: 430, choices: [extras] },
          { name: "Mushroom burger", description: "No meat", pricePesos: 410, choices: [extras] },
        ],
      ],
      ["Sides", [{ name: "Chips", description: "Salted", pricePesos: 190 }]],
      drinks,
    ],
  },
];
