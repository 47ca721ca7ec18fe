/** Demo data: pizza, burgers, pasta and chicken. */
import { DESSERTS, DRINKS, type Kitchen } from "./dish.ts";

const PIZZA: Kitchen = {
  cuisine: "Pizza",
  prepMinutes: 13,
  sections: [
    [
      "Pizzas",
      7,
      [
        ["Muzzarella", "Tomato, mozzarella, oregano", 390, "V wm", ["pizzaSize", "toppings"]],
        ["Napolitana", "Tomato slices, garlic, basil", 450, "V wm", ["pizzaSize", "toppings"]],
        ["Fugazzeta", "Onion and cheese, no tomato", 460, "V wm", ["pizzaSize"]],
        ["Figazza", "Onion and peppers, no cheese", 360, "VG w", ["pizzaSize"]],
        ["Jamón y morrones", "Ham, peppers, mozzarella", 490, "wm", ["pizzaSize", "toppings"]],
        ["Cuatro quesos", "Mozzarella, Roquefort, Colonia, parmesan", 530, "V wm", ["pizzaSize"]],
        ["Calabresa", "Spicy sausage, mozzarella", 490, "wm", ["pizzaSize", "toppings"]],
        ["Rúcula y jamón crudo", "Rocket, cured ham, parmesan", 560, "wm", ["pizzaSize"]],
        ["Champiñones", "Mushrooms, mozzarella, parsley", 480, "V wm", ["pizzaSize", "toppings"]],
      ],
    ],
    [
      "Al tacho and fainá",
      3,
      [
        ["Pizza al tacho", "Cheese to the edge, no tomato", 420, "V wm"],
        ["Fainá", "Chickpea flatbread", 140, "VG"],
        ["Fainá de orillo", "Thin and crisp, from the rim", 150, "VG"],
        ["Fainá con queso", "With mozzarella", 190, "V m"],
      ],
    ],
    [
      "Calzones",
      2,
      [
        ["Calzone de jamón y queso", "Ham, mozzarella, egg", 480, "wme"],
        ["Calzone de verdura", "Chard, ricotta, nuts", 460, "V wmn"],
      ],
    ],
    DESSERTS,
    DRINKS,
  ],
};

const BURGER: Kitchen = {
  cuisine: "Burgers",
  prepMinutes: 11,
  sections: [
    [
      "Burgers",
      6,
      [
        ["Clásica", "Beef 150 g, lettuce, tomato, onion, mayonnaise", 390, "we", ["burgerExtras"]],
        ["Cheeseburger doble", "Two patties, double cheddar, pickles", 490, "wm", ["burgerExtras"]],
        ["Panceta y cheddar", "Bacon, cheddar, barbecue sauce", 510, "wm", ["burgerExtras"]],
        ["Criolla", "Provolone, chimichurri, fried egg", 520, "wme", ["burgerExtras"]],
        ["Azul", "Roquefort, caramelised onion, rocket", 530, "wm", ["burgerExtras"]],
        ["Pollo crocante", "Crisp chicken, coleslaw", 450, "we", ["burgerExtras"]],
        ["Veggie de lentejas", "Lentil patty, avocado, tomato", 430, "VG w", ["burgerExtras"]],
        ["Smash triple", "Three thin patties, cheddar, onion", 560, "wm", ["burgerExtras"]],
      ],
    ],
    [
      "With it",
      4,
      [
        ["Papas fritas", "Fries", 230, "VG", ["dip"]],
        ["Papas rústicas", "Wedges, rosemary", 260, "VG", ["dip"]],
        ["Papas con cheddar y panceta", "Fries, cheddar, bacon", 360, "m"],
        ["Aros de cebolla", "Onion rings", 290, "V we", ["dip"]],
        ["Nuggets de pollo, eight", "Breaded chicken", 330, "we", ["dip"]],
      ],
    ],
    [
      "Shakes",
      2,
      [
        ["Milkshake de vainilla", "400 ml", 290, "V m"],
        ["Milkshake de chocolate", "400 ml", 290, "V m"],
        ["Milkshake de dulce de leche", "400 ml", 310, "V m"],
      ],
    ],
    DRINKS,
  ],
};

const PASTA: Kitchen = {
  cuisine: "Italian",
  prepMinutes: 14,
  sections: [
    [
      "To begin",
      3,
      [
        ["Bruschetta", "Tomato, garlic, basil", 290, "VG w"],
        ["Burrata", "With tomatoes and pesto", 520, "V mn"],
        ["Vitel toné", "Cold veal, tuna sauce", 460, "fe"],
        ["Focaccia", "Olive oil, rosemary", 240, "VG w"],
      ],
    ],
    [
      "Fresh pasta",
      6,
      [
        ["Tallarines", "Egg noodles", 440, "V we", ["pasta"]],
        ["Ravioles de ricotta y espinaca", "Ricotta and spinach", 490, "V wme", ["pasta"]],
        ["Sorrentinos de jamón y queso", "Ham and cheese", 520, "wme", ["pasta"]],
        ["Agnolotti de ternera", "Veal", 540, "wme", ["pasta"]],
        ["Ñoquis de papa", "Potato gnocchi", 450, "V we", ["pasta"]],
        ["Lasagna", "Beef, béchamel, mozzarella", 520, "wme"],
        ["Spaghetti carbonara", "Egg, cured pork, pecorino", 510, "wme"],
        ["Risotto de hongos", "Mushrooms, parmesan", 560, "V m"],
      ],
    ],
    [
      "Mains",
      2,
      [
        ["Milanesa a la parmesana", "Breaded veal, tomato, mozzarella", 620, "wme", ["side"]],
        ["Parmesana de berenjena", "Aubergine, tomato, mozzarella", 480, "V m"],
        ["Pollo a la cacciatora", "Chicken, tomato, olives", 540],
      ],
    ],
    [
      "Dolci",
      2,
      [
        ["Tiramisú", "Mascarpone, coffee, cocoa", 290, "V wme"],
        ["Panna cotta", "With berries", 250, "m"],
        ["Cannoli, two", "Ricotta, pistachio", 280, "V wmn"],
      ],
    ],
    DRINKS,
  ],
};

const CHICKEN: Kitchen = {
  cuisine: "Chicken",
  prepMinutes: 13,
  sections: [
    [
      "Chicken",
      6,
      [
        ["Pollo al spiedo entero", "A whole one from the spit", 890, "", ["sauce"]],
        ["Medio pollo al spiedo", "Half", 490, "", ["side", "sauce"]],
        ["Alitas, ten", "Fried wings", 460, "w", ["heat", "dip"]],
        ["Pollo frito, six pieces", "Crisp", 520, "w", ["dip"]],
        ["Tiras de pechuga", "Breaded breast strips", 440, "we", ["dip"]],
        ["Suprema Maryland", "With fried banana and corn", 590, "wme"],
        ["Sándwich de pollo", "Grilled breast, lettuce, tomato", 390, "w", ["bread"]],
      ],
    ],
    [
      "Bowls and salads",
      3,
      [
        ["Ensalada César", "Chicken, croutons, parmesan", 440, "wmef", ["dressing"]],
        ["Bowl de pollo y arroz", "Rice, chicken, corn, avocado", 460],
        ["Ensalada de hojas", "Leaves, carrot, tomato", 290, "VG", ["dressing"]],
      ],
    ],
    [
      "Sides",
      4,
      [
        ["Papas fritas", "Fries", 230, "VG"],
        ["Puré de papas", "Mashed potatoes", 210, "V m"],
        ["Arroz", "Rice", 160, "VG"],
        ["Choclo con manteca", "Corn on the cob, butter", 190, "V m"],
        ["Coleslaw", "Cabbage, carrot, mayonnaise", 210, "V e"],
      ],
    ],
    DRINKS,
  ],
};

export const EVERYDAY_KITCHENS = { pizza: PIZZA, burger: BURGER, pasta: PASTA, chicken: CHICKEN } as const;
