import fc from "fast-check";
import { expect, test } from "vitest";

import { KITCHENS, kitchenOf, type KitchenKind } from "./kitchen-of.ts";
import { menuFor } from "./menu.ts";

const place = (kind: string, cuisines: readonly string[] = [], name = "Lo de siempre") => ({ name, kind, cuisines });
// Cast: the table's own keys.
const KINDS = Object.keys(KITCHENS) as KitchenKind[];

test.each([
  ["its cuisine", place("restaurant", ["pizza"]), "pizza"],
  ["the first cuisine that is known", place("restaurant", ["heuriger2", "burger"]), "burger"],
  ["its cuisine before its name", place("restaurant", ["sushi"], "Pizzería Nueva"), "sushi"],
  ["a word of its name, whatever its marks", place("restaurant", [], "PIZZERÍA Nueva"), "pizza"],
  ["a word of its name before its kind", place("cafe", [], "Heladería del Sur"), "iceCream"],
  ["its kind", place("bakery"), "bakery"],
  ["its kind: a bar", place("pub"), "bar"],
  ["home cooking when nothing is known", place("restaurant"), "home"],
])("[DMO1] a place's kitchen is told by %s", (_, given, kind) => {
  expect(kitchenOf(given)).toBe(kind);
});

/** Every value of `cuisine` at places to eat in the demo city's data, counted there once. */
const IN_MONTEVIDEO =
  "pizza heuriger friture burger ice_cream grill italian_pizza diner barbecue steak_house coffee_shop pasta regional local " +
  "sandwich vegetarian vegan spanish breakfast international cake asian italian bbq noodles chicken fish hotdog sausage " +
  "fine_dining picadas lehmeyun chinese american seafood arab sushi indian chivito kebab tapas argentinian";

test("[DMO1] every cuisine of Montevideo's places is known", () => {
  const unknown = IN_MONTEVIDEO.split(" ").filter(
    (cuisine) =>
      kitchenOf(place("no such kind", [cuisine])) === "home" &&
      !/regional|local|international|fine|heur/u.test(cuisine),
  );
  expect(unknown).toEqual([]);
});

test.each(KINDS)("[DMO2] a menu of the kitchen %s is one that can be ordered from", (kind) => {
  fc.assert(
    fc.property(fc.string(), (name) => {
      const items = menuFor(name, kind).flatMap((section) => section.items);
      expect(items.length).toBeGreaterThanOrEqual(12);
      expect(items.length).toBeLessThanOrEqual(25);
      for (const item of items) {
        expect(item.priceMinor % 1000).toBe(0);
        expect(item.priceMinor).toBeGreaterThanOrEqual(5_000);
        expect(item.priceMinor).toBeLessThanOrEqual(200_000);
        expect(item.name.length).toBeLessThanOrEqual(80);
        for (const choice of item.choices) {
          expect(choice.minChoices).toBeLessThanOrEqual(choice.maxChoices);
          expect(choice.options.length).toBeGreaterThanOrEqual(choice.maxChoices);
        }
      }
    }),
    { numRuns: 20 },
  );
});

test("[DMO2] the same name has the same menu, another name another", () => {
  expect(menuFor("El Rincón", "pizza")).toEqual(menuFor("El Rincón", "pizza"));
  expect(menuFor("El Rincón", "pizza")).not.toEqual(menuFor("La Esquina", "pizza"));
});

test("[DMO2] diets and what is in a dish are said", () => {
  const dishes = menuFor("El Rincón", "pizza").flatMap((section) => section.items);
  expect(dishes.find((dish) => dish.name === "Fainá" || dish.name.startsWith("Fainá"))?.description).toMatch(
    /Vegan|Vegetarian/u,
  );
  expect(dishes.some((dish) => /Contains wheat, milk/u.test(dish.description))).toBe(true);
});
