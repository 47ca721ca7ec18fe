import type { NewMarket } from "../local/seed.ts";

/** The market that `npm start` opens on. */
export const DEMO_MARKET: NewMarket = {
  id: "demo",
  name: "Montevideo (demo data)",
  timeZone: "America/Montevideo",
  currency: "UYU",
  locale: "es-UY",
  taxBasisPoints: 1000,
  center: { lat: -34.9055, lng: -56.185 },
};
