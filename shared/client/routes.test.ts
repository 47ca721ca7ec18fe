import { expect, test } from "vitest";

import { CATALOGUE } from "../contracts/catalogue/catalogue.ts";
import { streamKey } from "../contracts/streams.ts";
import { ROUTES } from "./routes.ts";
import { streamKeyOf } from "./stream-key.ts";
import { routesOf } from "./write-routes.ts";

test("[RTM28] the routes are those of the catalogue; if not: node shared/client/write-routes.ts", () => {
  expect(ROUTES).toEqual(routesOf(CATALOGUE));
});

test("[RTM28] the client's name of a stream is the contract's", () => {
  for (const kind of ["courier", "order", "restaurant"] as const) {
    const ref = { marketId: "test-market", kind, id: "0190a000-0000-7000-8000-00000000000a" };
    expect(streamKeyOf(ref)).toBe(streamKey(ref));
  }
});
