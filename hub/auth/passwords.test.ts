import { expect, test } from "vitest";

import { makePasswords } from "./passwords.ts";

const limits = { atOnce: 1, waiting: 1 };

test("[CFG8] cheap hashes are cheap, strong ones strong, and each kind knows the other's hashes", async () => {
  const [strong, low] = [makePasswords(limits), makePasswords(limits, "low")];
  const dear = await strong.hash("correct horse battery");
  const cheap = await low.hash("correct horse battery");
  expect(dear).toContain("$m=19456,t=2,p=1$");
  expect(cheap).toContain("$m=256,t=1,p=1$");
  expect(await strong.matches("correct horse battery", cheap)).toBe(true);
  expect(await low.matches("correct horse battery", dear)).toBe(true);
  expect(await low.matches("another", cheap)).toBe(false);
});
