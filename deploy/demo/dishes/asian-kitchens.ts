/** Demo data: kitchens of Asia. */
import { DRINKS, type Kitchen } from "./dish.ts";

const SUSHI: Kitchen = {
  cuisine: "Sushi",
  prepMinutes: 16,
  sections: [
    [
      "Rolls",
      6,
      [
        ["Philadelphia", "Salmon, cream cheese, spring onion", 490, "mf", ["pieces", "sushiExtras"]],
        ["New York", "Salmon, avocado, sesame", 490, "ft", ["pieces", "sushiExtras"]],
        ["Tempura roll", "Prawn tempura, avocado", 540, "wse", ["pieces", "sushiExtras"]],
        ["Spicy tuna", "Tuna, chilli mayonnaise", 560, "fe", ["pieces", "sushiExtras"]],
        ["California", "Crab stick, avocado, cucumber", 460, "fse", ["pieces", "sushiExtras"]],
        ["Veggie roll", "Avocado, cucumber, carrot", 390, "VG t", ["pieces", "sushiExtras"]],
        ["Buenos Aires", "Prawn, cream cheese, avocado", 530, "sm", ["pieces", "sushiExtras"]],
      ],
    ],
    [
      "Nigiri and sashimi",
      3,
      [
        ["Nigiri de salmón, four", "Salmon on rice", 360, "f"],
        ["Nigiri de atún, four", "Tuna on rice", 390, "f"],
        ["Sashimi de salmón, nine", "Salmon", 590, "f"],
        ["Tiradito", "White fish, citrus, chilli", 520, "f"],
      ],
    ],
    [
      "Warm",
      3,
      [
        ["Gyozas de cerdo, six", "Pork dumplings", 360, "wy"],
        ["Yakisoba", "Noodles, vegetables, chicken", 460, "wy"],
        ["Ebi tempura, five", "Prawns", 490, "ws"],
        ["Arroz salteado", "Rice, egg, vegetables", 390, "V ey"],
      ],
    ],
    [
      "Combinados",
      2,
      [
        ["Combinado 15", "The cook's choice, 15 pieces", 790, "fsm", ["sushiExtras"]],
        ["Combinado 30", "The cook's choice, 30 pieces", 1490, "fsm", ["sushiExtras"]],
      ],
    ],
    DRINKS,
  ],
};

const CHINESE: Kitchen = {
  cuisine: "Chinese",
  prepMinutes: 13,
  sections: [
    [
      "To begin",
      3,
      [
        ["Arrolladitos primavera, four", "Vegetable spring rolls", 260, "VG w"],
        ["Wantán frito, eight", "Pork wontons", 290, "w"],
        ["Sopa agripicante", "Hot and sour soup", 260, "ey"],
        ["Empanaditas al vapor, six", "Steamed dumplings", 340, "wy"],
      ],
    ],
    [
      "From the wok",
      6,
      [
        ["Chop suey de pollo", "Chicken, vegetables", 430, "y"],
        ["Carne mongoliana", "Beef, spring onion", 490, "y", ["heat"]],
        ["Cerdo agridulce", "Sweet and sour pork", 460, "wy"],
        ["Pollo con maní", "Chicken, peanuts, chilli", 460, "py", ["heat"]],
        ["Tofu salteado", "Tofu, vegetables", 410, "VG y", ["heat"]],
        ["Camarones al ajillo", "Prawns, garlic", 590, "sy"],
        ["Verduras salteadas", "Vegetables, ginger", 370, "VG y"],
      ],
    ],
    [
      "Rice and noodles",
      4,
      [
        ["Arroz chaufán", "Fried rice, egg, ham", 370, "ey"],
        ["Arroz blanco", "White rice", 150, "VG"],
        ["Chow mein de pollo", "Noodles, chicken", 440, "wy"],
        ["Chow mein de verduras", "Noodles, vegetables", 400, "VG wy"],
        ["Fideos de arroz con carne", "Rice noodles, beef", 460, "y"],
      ],
    ],
    DRINKS,
  ],
};

const INDIAN: Kitchen = {
  cuisine: "Indian",
  prepMinutes: 16,
  sections: [
    [
      "To begin",
      3,
      [
        ["Samosas, three", "Potato and peas", 280, "VG w"],
        ["Pakora", "Vegetables in chickpea batter", 290, "VG"],
        ["Pollo tikka", "Chicken, yoghurt, spices", 390, "m", ["heat"]],
        ["Raita", "Yoghurt, cucumber", 190, "V m"],
      ],
    ],
    [
      "Curries",
      6,
      [
        ["Butter chicken", "Tomato, butter, cream", 560, "mn", ["heat"]],
        ["Chicken korma", "Almonds, yoghurt", 550, "mn", ["heat"]],
        ["Rogan josh", "Lamb, Kashmiri chilli", 640, "m", ["heat"]],
        ["Chana masala", "Chickpeas", 440, "VG", ["heat"]],
        ["Palak paneer", "Spinach, fresh cheese", 490, "V m", ["heat"]],
        ["Dal tadka", "Lentils, cumin", 410, "VG", ["heat"]],
        ["Vindaloo de cerdo", "Pork, vinegar, chilli", 570, "", ["heat"]],
      ],
    ],
    [
      "Rice and bread",
      4,
      [
        ["Arroz basmati", "Rice", 180, "VG"],
        ["Biryani de verduras", "Rice, vegetables, spices", 460, "V mn", ["heat"]],
        ["Naan", "Flatbread", 150, "V wm"],
        ["Naan de ajo", "Garlic flatbread", 170, "V wm"],
        ["Chapati", "Wholemeal flatbread", 130, "VG w"],
      ],
    ],
    [
      "Sweet and cold",
      2,
      [
        ["Gulab jamun", "Milk dumplings in syrup", 230, "V wm"],
        ["Lassi de mango", "Yoghurt and mango, 300 ml", 240, "V m"],
      ],
    ],
    DRINKS,
  ],
};

const ARAB: Kitchen = {
  cuisine: "Armenian and Arab",
  prepMinutes: 12,
  sections: [
    [
      "Lehmeyun and wraps",
      5,
      [
        ["Lehmeyun", "Thin dough, minced beef, tomato, lemon", 190, "w", ["heat"]],
        ["Lehmeyun con queso", "With cheese", 230, "wm"],
        ["Shawarma de pollo", "Chicken, garlic sauce, pickles", 430, "we", ["heat"]],
        ["Shawarma de cordero", "Lamb, tahini", 490, "wt", ["heat"]],
        ["Falafel en pita", "Chickpea balls, tahini, salad", 390, "VG wt", ["heat"]],
        ["Kebab al plato", "With rice and salad", 540, "t", ["heat"]],
      ],
    ],
    [
      "Mezze",
      5,
      [
        ["Hummus", "Chickpeas, tahini, olive oil", 290, "VG t"],
        ["Baba ganush", "Smoked aubergine", 310, "VG t"],
        ["Tabule", "Parsley, bulgur, tomato", 290, "VG w"],
        ["Labne", "Strained yoghurt, mint", 280, "V m"],
        ["Kebbe frito, four", "Bulgur and beef", 360, "wn"],
        ["Hojas de parra, six", "Filled vine leaves", 340, "VG"],
      ],
    ],
    [
      "From the oven",
      3,
      [
        ["Fatay de carne", "Closed beef pastry", 140, "w"],
        ["Fatay de espinaca", "Spinach, lemon", 140, "VG w"],
        ["Pan pita, four", "Flatbread", 120, "VG w"],
        ["Manaish", "Thyme and sesame flatbread", 210, "VG wt"],
      ],
    ],
    [
      "Sweet",
      2,
      [
        ["Baklava, three", "Nuts, syrup", 240, "V wmn"],
        ["Mamul, three", "Date biscuits", 220, "V wm"],
      ],
    ],
    DRINKS,
  ],
};

export const ASIAN_KITCHENS = { sushi: SUSHI, chinese: CHINESE, indian: INDIAN, arab: ARAB } as const;
