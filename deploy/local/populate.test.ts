import { expect, test } from "vitest";

import { CATALOGUE } from "#shared/contracts/catalogue/catalogue.ts";

import { kitchenLogin } from "./populate.ts";

const NAMES = [
  "Pizzería del Centro",
  "Pizzeria del Puerto",
  "La Pasiva — 18 de Julio y Ejido, frente a la plaza",
  "La Pasiva — 18 de Julio y Ejido, frente a la iglesia",
  "寿司",
  "鮨",
];

test("[DMO16] a kitchen's login follows from its restaurant, is a good address, and is nobody else's", () => {
  const logins = NAMES.map(kitchenLogin);
  expect(logins[0]).toBe("kitchen.pizzeria-del-centro");
  expect(new Set(logins).size).toBe(NAMES.length);
  for (const login of logins) {
    expect(CATALOGUE["staff.add"].input.shape.email.safeParse(`${login}@demo.tiffin.example`).success, login).toBe(
      true,
    );
  }
});
