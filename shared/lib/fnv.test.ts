import { expect, test } from "vitest";

import { fnv1a32 } from "./fnv.ts";

// From the authors' own vectors (draft-eastlake-fnv, "FNV Test Vectors").
test.each([
  ["", 0x81_1c_9d_c5],
  ["a", 0xe4_0c_29_2c],
  ["foobar", 0xbf_9c_f9_68],
])("FNV-1a of %j", (text, expected) => {
  expect(fnv1a32(new TextEncoder().encode(text))).toBe(expected);
});
