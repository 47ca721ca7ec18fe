/** Demo data: what is cooked everywhere in Uruguay. */
import { DESSERTS, DRINKS, type Kitchen } from "./dish.ts";

const GRILL: Kitchen = {
  cuisine: "Parrilla",
  prepMinutes: 18,
  sections: [
    [
      "From the embers",
      7,
      [
        ["Asado de tira", "Short ribs cut across, coarse salt, 400 g", 690, "", ["doneness", "sauce"]],
        ["Vacío", "Flank, slowly grilled, 350 g", 720, "", ["doneness", "sauce"]],
        ["Entrecot", "Rib eye, 350 g", 790, "", ["doneness", "sauce"]],
        ["Pulpón", "Bottom sirloin, 400 g", 680, "", ["doneness", "sauce"]],
        ["Pamplona de pollo", "Chicken rolled with ham, cheese and peppers", 620, "m", ["sauce"]],
        ["Pollo a la parrilla", "Half a chicken, lemon", 560, "", ["sauce"]],
        ["Matambre a la leche", "Flank steak braised in milk, then grilled", 640, "m"],
        ["Bondiola", "Pork neck, mustard crust", 610, "", ["sauce"]],
      ],
    ],
    [
      "From the grill's edge",
      4,
      [
        ["Chorizo", "Pork sausage with bread", 190, "w"],
        ["Morcilla dulce", "Blood sausage with raisins and orange", 190],
        ["Mollejas", "Sweetbreads, lemon", 480],
        ["Provoleta", "Grilled cheese, oregano", 340, "V m"],
        ["Choto", "Plaited tripe, crisp", 320],
        ["Choripán", "Chorizo in bread, chimichurri", 240, "w"],
      ],
    ],
    [
      "Sides",
      4,
      [
        ["Papas fritas", "Fries", 240, "VG"],
        ["Ensalada mixta", "Lettuce, tomato, onion", 260, "VG"],
        ["Boniato asado", "Sweet potato from the embers", 230, "VG"],
        ["Morrón con huevo", "Pepper with an egg in it", 250, "V e"],
        ["Ensalada rusa", "Potato, carrot, peas, mayonnaise", 260, "V e"],
      ],
    ],
    DESSERTS,
    DRINKS,
  ],
};

const CHIVITO: Kitchen = {
  cuisine: "Chivitos and sandwiches",
  prepMinutes: 12,
  sections: [
    [
      "Chivitos",
      5,
      [
        [
          "Chivito al pan",
          "Beef steak, ham, bacon, mozzarella, egg, lettuce, tomato, mayonnaise",
          520,
          "wme",
          ["bread", "chivitoExtras"],
        ],
        ["Chivito canadiense", "The same with Canadian bacon and olives", 580, "wme", ["bread", "chivitoExtras"]],
        ["Chivito al plato", "Without bread: fries and Russian salad around it", 690, "me", ["chivitoExtras"]],
        ["Chivito de pollo", "Chicken instead of beef", 510, "wme", ["bread", "chivitoExtras"]],
        [
          "Chivito vegetariano",
          "Aubergine, mozzarella, egg, peppers, palm hearts",
          480,
          "V wme",
          ["bread", "chivitoExtras"],
        ],
        ["Chivito para dos", "Al plato, for two", 1190, "me", ["chivitoExtras"]],
      ],
    ],
    [
      "Milanesas",
      3,
      [
        ["Milanesa al pan", "Breaded beef in bread, lettuce, tomato", 390, "we", ["bread"]],
        ["Milanesa napolitana", "Ham, tomato sauce, mozzarella", 560, "wme", ["side"]],
        ["Milanesa de pollo", "Breaded chicken", 490, "we", ["side"]],
        ["Milanesa de soja", "Breaded soy", 420, "VG wy", ["side"]],
      ],
    ],
    [
      "Hot sandwiches",
      3,
      [
        ["Olímpico", "Three floors: ham, cheese, egg, lettuce, tomato, olives", 380, "wme"],
        ["Caliente de jamón y queso", "Toasted ham and cheese", 240, "wm"],
        ["Húngara", "Spicy sausage in bread", 210, "w"],
        ["Pancho con panceta", "Frankfurter, bacon, cheese", 230, "wm", ["sauce"]],
      ],
    ],
    [
      "With it",
      3,
      [
        ["Papas fritas", "Fries", 240, "VG"],
        ["Papas con cheddar y panceta", "Fries, cheddar, bacon", 360, "m"],
        ["Aros de cebolla", "Onion rings", 290, "V we", ["dip"]],
        ["Ensalada rusa", "Potato, carrot, peas, mayonnaise", 260, "V e"],
      ],
    ],
    DRINKS,
  ],
};

const HOME: Kitchen = {
  cuisine: "Uruguayan",
  prepMinutes: 15,
  sections: [
    [
      "Mains",
      6,
      [
        ["Milanesa con guarnición", "Breaded beef", 520, "we", ["side"]],
        ["Suprema de pollo", "Breaded chicken breast", 490, "we", ["side"]],
        ["Bife con huevo", "Steak with a fried egg", 560, "e", ["doneness", "side"]],
        ["Pastel de carne", "Minced beef under mashed potatoes", 430, "me"],
        ["Pescado al horno", "Fish of the day, potatoes, lemon", 590, "f"],
        ["Ensopado", "Beef and noodles, stewed", 410, "w"],
        ["Guiso de lentejas", "Lentils, sausage, bacon", 390],
        ["Tortilla de papa", "Potato omelette", 360, "V e"],
        ["Tarta pascualina", "Chard and egg pie", 340, "V wme"],
      ],
    ],
    [
      "Pasta",
      3,
      [
        ["Ravioles de verdura", "Filled with chard and ricotta", 420, "V wme", ["pasta"]],
        ["Ñoquis", "Potato gnocchi", 390, "V we", ["pasta"]],
        ["Tallarines", "Fresh egg noodles", 370, "V we", ["pasta"]],
        ["Canelones", "Chard and ricotta, béchamel", 430, "V wme"],
      ],
    ],
    [
      "To begin",
      3,
      [
        ["Empanada de carne", "Beef, egg, olives; baked", 120, "we"],
        ["Empanada de jamón y queso", "Ham and cheese; baked", 120, "wm"],
        ["Buñuelos de acelga", "Chard fritters", 230, "V we"],
        ["Caldo", "Broth with noodles", 180, "w"],
      ],
    ],
    [
      "Salads",
      2,
      [
        ["Ensalada completa", "Lettuce, tomato, egg, carrot, beetroot", 320, "V e", ["dressing"]],
        ["Ensalada de pollo", "Chicken, leaves, cheese", 430, "m", ["dressing"]],
        ["Ensalada mixta", "Lettuce, tomato, onion", 250, "VG"],
      ],
    ],
    DESSERTS,
    DRINKS,
  ],
};

const BAKERY: Kitchen = {
  cuisine: "Bakery",
  prepMinutes: 8,
  sections: [
    [
      "Bizcochos, by the half dozen",
      4,
      [
        ["Croissants", "Sweet, glazed", 180, "V wme"],
        ["Pan con grasa", "Salty, layered with dripping", 170, "w"],
        ["Bizcochos con dulce de leche", "Filled with caramel", 210, "V wme"],
        ["Bizcochos con membrillo", "Filled with quince paste", 200, "V wme"],
        ["Margaritas", "With custard", 210, "V wme"],
        ["Corasanes de jamón y queso", "Ham and cheese", 240, "wme"],
      ],
    ],
    [
      "Savoury",
      5,
      [
        ["Empanada de carne", "Beef, egg, olives", 110, "we"],
        ["Empanada de pollo", "Chicken, onion", 110, "w"],
        ["Empanada de verdura", "Chard and cheese", 110, "V wm"],
        ["Tarta pascualina, a slice", "Chard and egg pie", 220, "V wme"],
        ["Tarta de jamón y queso, a slice", "Ham and cheese pie", 230, "wme"],
        ["Sándwiches olímpicos, six", "Thin three-floor sandwiches", 390, "wme"],
        ["Pizza con muzzarella, a slice", "As bakers make it", 160, "V wm"],
      ],
    ],
    [
      "Cakes",
      4,
      [
        ["Alfajor de maicena", "Maize biscuits, dulce de leche, coconut", 90, "V wme"],
        ["Pasta frola, a slice", "Quince tart", 150, "V wme"],
        ["Torta Ricardito, a slice", "Meringue and chocolate", 210, "V wme"],
        ["Chajá, a slice", "Sponge, cream, peach", 240, "V wme"],
        ["Budín inglés", "Fruit loaf", 280, "V wmen"],
      ],
    ],
    [
      "Bread",
      3,
      [
        ["Pan flauta", "White loaf", 90, "VG w"],
        ["Pan integral", "Wholemeal loaf", 140, "VG w"],
        ["Galletas malteadas", "Crackers", 110, "V w"],
      ],
    ],
    DRINKS,
  ],
};

const BAR: Kitchen = {
  cuisine: "Bar food",
  prepMinutes: 12,
  sections: [
    [
      "To share",
      5,
      [
        ["Picada para dos", "Cheese, salami, ham, olives, bread", 690, "wm"],
        ["Papas bravas", "Fried potatoes, spicy sauce", 310, "V e"],
        ["Rabas", "Fried squid rings, lemon", 590, "ws", ["dip"]],
        ["Bastones de muzzarella", "Fried mozzarella", 360, "V wme", ["dip"]],
        ["Aros de cebolla", "Onion rings", 290, "V we", ["dip"]],
        ["Nachos con cheddar", "Tortilla chips, cheddar, jalapeño", 380, "V m"],
        ["Gramajo", "Potato straws, egg, ham, peas", 420, "e"],
      ],
    ],
    [
      "In bread",
      5,
      [
        [
          "Chivito al pan",
          "Steak, ham, bacon, mozzarella, egg, lettuce, tomato",
          540,
          "wme",
          ["bread", "chivitoExtras"],
        ],
        ["Hamburguesa de la casa", "Beef 180 g, cheddar, pickles", 460, "wm", ["doneness", "burgerExtras"]],
        ["Milanesa al pan", "Breaded beef, lettuce, tomato", 390, "we", ["bread"]],
        ["Choripán", "Chorizo, chimichurri", 240, "w"],
        ["Sándwich de bondiola", "Pulled pork, pickled onion", 430, "w", ["burgerExtras"]],
        ["Sándwich caprese", "Mozzarella, tomato, basil", 360, "V wm", ["bread"]],
      ],
    ],
    [
      "From the oven",
      3,
      [
        ["Pizza con muzzarella", "Tomato, mozzarella, oregano", 360, "V wm", ["pizzaSize", "toppings"]],
        ["Fainá", "Chickpea flatbread", 140, "VG"],
        ["Empanadas, six", "Beef, ham and cheese, chard", 620, "wme"],
      ],
    ],
    DESSERTS,
    DRINKS,
  ],
};

export const LOCAL_KITCHENS = { grill: GRILL, chivito: CHIVITO, home: HOME, bakery: BAKERY, bar: BAR } as const;
