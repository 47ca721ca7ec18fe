/** Demo data: what is eaten in a hurry: coffee, ice cream, and what a cart sells. */
import { DRINKS, type Kitchen } from "./dish.ts";

const CAFE: Kitchen = {
  cuisine: "Café",
  prepMinutes: 8,
  sections: [
    [
      "Coffee and tea",
      5,
      [
        ["Café con leche", "Espresso and milk", 190, "V m", ["cupSize", "milk"]],
        ["Cappuccino", "With foam", 210, "V m", ["cupSize", "milk"]],
        ["Flat white", "Double espresso, milk", 220, "V m", ["milk"]],
        ["Espresso", "30 ml", 130],
        ["Cold brew", "Steeped twelve hours, 300 ml", 230],
        ["Té", "Black, green or mint", 150],
        ["Submarino", "Hot milk with a bar of chocolate", 230, "V m", ["milk"]],
      ],
    ],
    [
      "Breakfast and toast",
      5,
      [
        ["Medialunas, two", "With ham and cheese if you like", 180, "V wme"],
        ["Tostadas con palta", "Avocado, egg, seeds on sourdough", 380, "V wet"],
        ["Tostado mixto", "Toasted ham and cheese", 290, "wm"],
        ["Huevos revueltos", "Scrambled eggs, toast", 310, "V wme"],
        ["Yogur con granola", "Fruit, honey", 290, "V mnw"],
        ["Waffles", "Fruit, maple syrup", 340, "V wme"],
      ],
    ],
    [
      "Lunch",
      3,
      [
        ["Tarta del día con ensalada", "Pie of the day, leaves", 380, "V wme"],
        ["Wrap de pollo", "Chicken, leaves, Caesar dressing", 390, "wme"],
        ["Bagel de salmón", "Smoked salmon, cream cheese", 490, "wmft"],
        ["Ensalada de quinoa", "Quinoa, pumpkin, feta", 410, "V m", ["dressing"]],
      ],
    ],
    [
      "Cakes",
      4,
      [
        ["Carrot cake", "Walnuts, cream cheese", 280, "V wmen"],
        ["Cheesecake", "Berries", 310, "V wme"],
        ["Brownie", "Chocolate, walnuts", 240, "V wmen"],
        ["Alfajor", "Dulce de leche, chocolate", 160, "V wme"],
        ["Budín de limón", "Lemon loaf", 190, "V wme"],
      ],
    ],
    [
      "Cold",
      2,
      [
        ["Limonada con jengibre", "Lemon and ginger, 400 ml", 210],
        ["Jugo de naranja", "Freshly pressed, 350 ml", 220],
        ["Agua mineral", "500 ml", 110],
      ],
    ],
  ],
};

const ICE_CREAM: Kitchen = {
  cuisine: "Ice cream",
  prepMinutes: 6,
  sections: [
    [
      "By weight",
      4,
      [
        ["Cuarto kilo", "250 g, up to three flavours", 290, "V m", ["flavours", "iceCreamToppings"]],
        ["Medio kilo", "500 g, up to three flavours", 490, "V m", ["flavours", "iceCreamToppings"]],
        ["Un kilo", "1 kg, up to three flavours", 870, "V m", ["flavours", "iceCreamToppings"]],
        ["Cucurucho doble", "Cone in a cup, two flavours", 230, "V wm", ["flavours"]],
      ],
    ],
    [
      "Composed",
      4,
      [
        ["Copa Melba", "Peach, vanilla, raspberry", 330, "V m"],
        ["Banana split", "Banana, three scoops, chocolate", 360, "V mn"],
        ["Almendrado", "Almond brick, chocolate sauce", 320, "V mn"],
        ["Bombón escocés", "Vanilla in chocolate", 190, "V m"],
        ["Torta helada", "Ice-cream cake for six", 1290, "V wme"],
      ],
    ],
    [
      "Without milk",
      2,
      [
        ["Sorbete de limón", "Lemon, 250 g", 280, "VG"],
        ["Sorbete de frutilla", "Strawberry, 250 g", 280, "VG"],
        ["Palito de fruta", "Fruit on a stick", 120, "VG"],
      ],
    ],
    [
      "Shakes and coffee",
      3,
      [
        ["Milkshake", "Your flavour, 400 ml", 310, "V m", ["flavours"]],
        ["Affogato", "Vanilla and espresso", 240, "V m"],
        ["Café", "Espresso", 130],
        ["Agua mineral", "500 ml", 110],
      ],
    ],
  ],
};

const STREET: Kitchen = {
  cuisine: "Street food",
  prepMinutes: 9,
  sections: [
    [
      "From the cart",
      7,
      [
        ["Pancho", "Frankfurter in bread", 150, "w", ["sauce"]],
        ["Pancho con muzzarella", "With cheese", 190, "wm", ["sauce"]],
        ["Húngara", "Spicy sausage in bread", 210, "w"],
        ["Choripán", "Chorizo, chimichurri", 230, "w"],
        ["Hamburguesa completa", "Beef, ham, cheese, egg, lettuce, tomato", 360, "wme", ["burgerExtras"]],
        ["Chivito al pan", "Steak, ham, bacon, mozzarella, egg", 460, "wme", ["chivitoExtras"]],
        ["Milanesa al pan", "Breaded beef", 330, "we"],
        ["Lomito", "Pork loin, cheese, peppers", 380, "wm"],
      ],
    ],
    [
      "Fried",
      4,
      [
        ["Papas fritas", "Fries", 210, "VG", ["dip"]],
        ["Papas gratinadas", "With melted cheese", 290, "V m"],
        ["Torta frita", "Fried flatbread", 70, "VG w"],
        ["Empanada frita de carne", "Beef", 110, "we"],
        ["Nuggets, eight", "Chicken", 310, "we", ["dip"]],
      ],
    ],
    [
      "Sweet",
      2,
      [
        ["Churros con dulce de leche, three", "Filled", 190, "V wm"],
        ["Garrapiñada", "Sugared peanuts", 120, "VG p"],
      ],
    ],
    DRINKS,
  ],
};

export const QUICK_KITCHENS = { cafe: CAFE, iceCream: ICE_CREAM, street: STREET } as const;
