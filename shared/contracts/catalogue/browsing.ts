import { z } from "zod";

import { point } from "../geo.ts";
import { marketId, restaurantId, uuid } from "../ids.ts";
import { marketMap } from "../map.ts";
import { amountMinor, priceBreakdown } from "../money.ts";
import { etaView, menuView, orderLine, restaurantView } from "../views.ts";
import { command } from "./command.ts";

/** What a customer wants: the server looks every price up itself. */
export const basket = z.object({
  restaurantId,
  kind: z.enum(["delivery", "takeaway"]),
  lines: z
    .array(
      z.object({
        itemId: uuid,
        quantity: z.int().min(1).max(99),
        /** Options by id; an option may be chosen more than once. */
        optionIds: z.array(uuid).max(50).default([]),
        note: z.string().trim().max(200).default(""),
      }),
    )
    .min(1)
    .max(50),
  /** Where to; null for take-away. */
  drop: point.nullable(),
  tipMinor: amountMinor.default(0),
});
export type Basket = z.output<typeof basket>;

export const quote = z.object({
  currency: z.string(),
  price: priceBreakdown,
  lines: z.array(orderLine),
  eta: etaView,
});

export const browsingCommands = {
  "markets.list": command({
    summary: "The cities that are served here.",
    kind: "query",
    rest: { method: "GET", path: "/v1/markets" },
    sockets: [],
    input: z.object({}),
    output: z.object({
      markets: z.array(
        z.object({
          id: marketId,
          name: z.string(),
          timeZone: z.string(),
          currency: z.string(),
          locale: z.string(),
          center: point,
        }),
      ),
    }),
    rights: "public",
    errors: [],
  }),
  "market.map": command({
    summary: "The market's base map: where its tiles are; null where no city file covers it.",
    kind: "query",
    rest: { method: "GET", path: "/v1/markets/{marketId}/map" },
    sockets: [],
    input: z.object({ marketId }),
    output: z.object({ map: marketMap.nullable() }),
    rights: "public",
    errors: ["market.not-found"],
  }),
  "restaurants.near": command({
    summary: "Restaurants, nearest first; those that deliver to the point. Search by name, cuisine or dish.",
    kind: "query",
    rest: { method: "GET", path: "/v1/markets/{marketId}/restaurants" },
    sockets: [],
    input: z.object({
      marketId,
      lat: z.coerce.number().min(-90).max(90).optional(),
      lng: z.coerce.number().min(-180).max(180).optional(),
      search: z.string().trim().max(80).optional(),
      /** `true`: only those that take orders now. */
      openNow: z.enum(["true", "false"]).default("false"),
      cursor: z.string().max(200).optional(),
      limit: z.coerce.number().int().min(1).max(100).default(30),
    }),
    output: z.object({
      restaurants: z.array(restaurantView.extend({ distanceM: z.int().nullable() })),
      nextCursor: z.string().nullable(),
    }),
    rights: "public",
    errors: ["market.not-found"],
  }),
  "restaurant.read": command({
    summary: "One restaurant.",
    kind: "query",
    rest: { method: "GET", path: "/v1/markets/{marketId}/restaurants/{restaurantId}" },
    sockets: [],
    input: z.object({ marketId, restaurantId }),
    output: restaurantView,
    rights: "public",
    errors: ["restaurant.not-found"],
  }),
  "menu.read": command({
    summary: "A restaurant's menu.",
    kind: "query",
    rest: { method: "GET", path: "/v1/markets/{marketId}/restaurants/{restaurantId}/menu" },
    sockets: [],
    input: z.object({ marketId, restaurantId }),
    output: menuView,
    rights: "public",
    errors: ["restaurant.not-found"],
  }),
  "quote.make": command({
    summary: "What a basket costs and when it would come. Changes nothing.",
    kind: "query",
    rest: { method: "POST", path: "/v1/markets/{marketId}/quotes" },
    sockets: [],
    input: basket.extend({ marketId }),
    output: quote,
    rights: "public",
    errors: [
      "restaurant.not-found",
      "restaurant.closed",
      "restaurant.out-of-area",
      "menu.not-found",
      "menu.unavailable",
      "menu.modifiers",
      "quote.below-minimum",
    ],
  }),
} as const;
