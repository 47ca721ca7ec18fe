/** Demo data: kitchens of Latin America and Europe, and what lives without meat. */
import { DESSERTS, DRINKS, type Kitchen } from "./dish.ts";

const MEXICAN: Kitchen = {
  cuisine: "Mexican",
  prepMinutes: 12,
  sections: [
    [
      "Tacos, three",
      5,
      [
        ["Al pastor", "Pork, pineapple, coriander", 430, "", ["tortilla", "heat"]],
        ["Carnitas", "Slow pork, pickled onion", 430, "", ["tortilla", "heat"]],
        ["Pollo tinga", "Chicken, chipotle", 410, "", ["tortilla", "heat"]],
        ["Bistec", "Beef, onion", 450, "", ["tortilla", "heat"]],
        ["Hongos", "Mushrooms, epazote", 390, "VG", ["tortilla", "heat"]],
        ["Pescado", "Fried fish, cabbage", 450, "wf", ["tortilla", "heat"]],
      ],
    ],
    [
      "Burritos and more",
      4,
      [
        ["Burrito de carne", "Beef, beans, rice, cheese", 480, "wm", ["heat"]],
        ["Burrito vegetariano", "Beans, rice, avocado, peppers", 440, "V wm", ["heat"]],
        ["Quesadillas", "Cheese, your tortilla", 390, "V m", ["tortilla"]],
        ["Enchiladas verdes", "Chicken, green sauce", 490, "m", ["heat"]],
        ["Bowl mexicano", "Rice, beans, corn, avocado", 440, "VG"],
      ],
    ],
    [
      "To share",
      3,
      [
        ["Nachos con guacamole", "Tortilla chips, avocado", 380, "VG"],
        ["Nachos con queso", "With cheese and jalapeño", 390, "V m"],
        ["Elote", "Corn, mayonnaise, cheese, chilli", 230, "V me"],
        ["Sopa de tortilla", "Tomato, avocado, crisp tortilla", 310, "V m"],
      ],
    ],
    DESSERTS,
    DRINKS,
  ],
};

const PERUVIAN: Kitchen = {
  cuisine: "Peruvian",
  prepMinutes: 15,
  sections: [
    [
      "Cold",
      3,
      [
        ["Ceviche clásico", "White fish, lime, sweet potato, corn", 590, "f", ["heat"]],
        ["Ceviche mixto", "Fish and seafood", 650, "fs", ["heat"]],
        ["Causa de pollo", "Potato, chicken, avocado", 390, "e"],
        ["Papa a la huancaína", "Potato, cheese and chilli sauce", 340, "V me"],
      ],
    ],
    [
      "Warm",
      6,
      [
        ["Lomo saltado", "Beef, onion, tomato, fries, rice", 620, "y"],
        ["Ají de gallina", "Chicken, yellow chilli, walnuts", 540, "wmn"],
        ["Arroz con mariscos", "Rice with seafood", 680, "s"],
        ["Chaufa de pollo", "Fried rice, chicken, egg", 490, "ey"],
        ["Tacu tacu", "Rice and beans, fried egg", 460, "V e"],
        ["Jalea", "Fried fish and seafood, cassava", 690, "wfs"],
        ["Pollo a la brasa", "Half a chicken, fries", 560, "", ["sauce"]],
      ],
    ],
    [
      "Sides",
      2,
      [
        ["Yuca frita", "Fried cassava", 260, "VG", ["dip"]],
        ["Arroz con choclo", "Rice with corn", 180, "VG"],
        ["Plátano frito", "Fried plantain", 220, "VG"],
      ],
    ],
    [
      "Sweet",
      2,
      [
        ["Suspiro limeño", "Caramel, port meringue", 260, "V me"],
        ["Picarones", "Sweet-potato doughnuts", 260, "VG w"],
      ],
    ],
    DRINKS,
  ],
};

const SPANISH: Kitchen = {
  cuisine: "Spanish",
  prepMinutes: 15,
  sections: [
    [
      "Tapas",
      7,
      [
        ["Tortilla española", "Potato and onion", 340, "V e"],
        ["Croquetas de jamón, six", "Ham", 360, "wme"],
        ["Patatas bravas", "Spicy sauce", 310, "V e"],
        ["Calamares", "Fried squid", 560, "ws"],
        ["Gambas al ajillo", "Prawns, garlic", 640, "s"],
        ["Jamón crudo", "Cured ham, bread, tomato", 520, "w"],
        ["Aceitunas aliñadas", "Olives", 210, "VG"],
        ["Champiñones al ajillo", "Mushrooms, garlic", 360, "VG"],
      ],
    ],
    [
      "Mains",
      4,
      [
        ["Paella valenciana", "Rice, chicken, beans", 690],
        ["Paella de mariscos", "Rice, seafood", 790, "s"],
        ["Callos a la madrileña", "Tripe, chickpeas", 560],
        ["Merluza en salsa verde", "Hake, parsley, peas", 680, "fw"],
        ["Lentejas a la riojana", "Lentils, chorizo", 430],
      ],
    ],
    [
      "Sweet",
      2,
      [
        ["Crema catalana", "Burnt sugar", 260, "V me"],
        ["Churros con chocolate", "Hot chocolate", 290, "V wm"],
      ],
    ],
    DRINKS,
  ],
};

const CREPES: Kitchen = {
  cuisine: "Crêpes",
  prepMinutes: 10,
  sections: [
    [
      "Savoury",
      6,
      [
        ["Jamón y queso", "Ham, Gruyère, egg", 390, "wme"],
        ["Champiñones", "Mushrooms, cream", 390, "V wme"],
        ["Pollo y puerro", "Chicken, leek", 430, "wme"],
        ["Espinaca y ricotta", "Spinach, ricotta", 390, "V wme"],
        ["Salmón", "Smoked salmon, cream cheese", 520, "wmef"],
        ["Caprese", "Tomato, mozzarella, basil", 390, "V wme"],
        ["Ratatouille", "Aubergine, courgette, peppers", 370, "V we"],
      ],
    ],
    [
      "Sweet",
      5,
      [
        ["Dulce de leche", "Caramel", 290, "V wme"],
        ["Chocolate y banana", "With nuts if you like", 330, "V wme"],
        ["Limón y azúcar", "Lemon, sugar", 250, "V wme"],
        ["Suzette", "Orange, butter", 340, "V wme"],
        ["Manzana y canela", "Apple, cinnamon", 310, "V wme"],
      ],
    ],
    [
      "Salads",
      2,
      [
        ["Ensalada verde", "Leaves, seeds", 280, "VG t", ["dressing"]],
        ["Ensalada de queso de cabra", "Goat's cheese, nuts", 420, "V mn", ["dressing"]],
      ],
    ],
    DRINKS,
  ],
};

const SEAFOOD: Kitchen = {
  cuisine: "Fish and seafood",
  prepMinutes: 16,
  sections: [
    [
      "To begin",
      4,
      [
        ["Rabas", "Fried squid rings", 560, "ws", ["dip"]],
        ["Mejillones a la provenzal", "Mussels, garlic, parsley", 490, "s"],
        ["Empanadas de pescado, three", "Fish", 330, "wf"],
        ["Buñuelos de algas", "Seaweed fritters", 310, "V we"],
        ["Gambas al ajillo", "Prawns, garlic, chilli", 640, "s"],
      ],
    ],
    [
      "Mains",
      6,
      [
        ["Brótola a la romana", "Hake in batter", 590, "wfe", ["side"]],
        ["Corvina a la plancha", "Croaker, grilled", 640, "f", ["side"]],
        ["Lenguado al limón", "Sole, lemon butter", 720, "fm", ["side"]],
        ["Salmón con verduras", "Salmon, vegetables", 790, "f"],
        ["Paella", "Rice, seafood, chicken", 760, "s"],
        ["Cazuela de mariscos", "Seafood stew", 780, "fs"],
        ["Chupín de pescado", "Fish and potato stew", 620, "f"],
      ],
    ],
    [
      "Sides",
      2,
      [
        ["Papas al natural", "Boiled potatoes, parsley", 210, "VG"],
        ["Ensalada verde", "Leaves", 250, "VG", ["dressing"]],
        ["Arroz", "Rice", 160, "VG"],
      ],
    ],
    DESSERTS,
    DRINKS,
  ],
};

const GREEN: Kitchen = {
  cuisine: "Vegetarian",
  prepMinutes: 11,
  sections: [
    [
      "Bowls and salads",
      5,
      [
        ["Bowl de quinoa", "Quinoa, pumpkin, chickpeas, seeds", 430, "VG t", ["dressing"]],
        ["Bowl de tofu", "Rice, tofu, carrot, cabbage, peanut sauce", 450, "VG yp"],
        ["Ensalada César vegetal", "Leaves, croutons, chickpeas", 390, "V wm", ["dressing"]],
        ["Poke vegetal", "Rice, mango, avocado, edamame", 470, "VG yt"],
        ["Ensalada tibia", "Roast vegetables, feta", 420, "V m", ["dressing"]],
      ],
    ],
    [
      "Warm",
      5,
      [
        ["Hamburguesa de lentejas", "Bread, avocado, tomato", 420, "VG w", ["side"]],
        ["Milanesa de berenjena", "Breaded aubergine, tomato, cheese", 410, "V wme", ["side"]],
        ["Curry de garbanzos", "Chickpeas, coconut, rice", 430, "VG", ["heat"]],
        ["Lasagna de verduras", "Pumpkin, spinach, ricotta", 450, "V wme"],
        ["Wok de verduras", "Noodles, vegetables, soy", 410, "VG wy"],
        ["Tarta de zapallito", "Courgette pie", 340, "V wme"],
      ],
    ],
    [
      "Snacks",
      3,
      [
        ["Hummus con bastones", "Chickpeas, raw vegetables", 290, "VG t"],
        ["Empanada de verdura", "Chard, onion", 120, "VG w"],
        ["Papas rústicas", "Wedges, rosemary", 260, "VG"],
      ],
    ],
    [
      "Sweet",
      2,
      [
        ["Brownie vegano", "Chocolate, walnuts", 240, "VG wn"],
        ["Pudín de chía", "Coconut, berries", 250, "VG"],
      ],
    ],
    DRINKS,
  ],
};

export const WESTERN_KITCHENS = {
  mexican: MEXICAN,
  peruvian: PERUVIAN,
  spanish: SPANISH,
  crepes: CREPES,
  seafood: SEAFOOD,
  green: GREEN,
} as const;
