import { DEMO_CITY_DIR } from "../demo/kept-plan.ts";
import { CLIENT_DIST } from "./build-clients.ts";

/** Wall ms that a person has, however fast the demo's clock goes: to answer a ticket, to pay, to take an offer. */
const PERSON = { confirmMs: 90_000, payMs: 180_000, offerMs: 20_000 };
/** The deployment's own deadlines at the wall's pace (shared/server/config/variables.ts). */
const USUAL = { confirmMs: 300_000, payMs: 900_000, offerMs: 30_000 };

/** What hubs and workers of the demo are told beyond what every local system is. [DMO8] */
export function demoEnv(speed: number): Record<string, string> {
  const deadline = (which: keyof typeof PERSON): string =>
    String(Math.ceil(Math.max(USUAL[which], PERSON[which] * speed)));
  return {
    CLIENT_DIST,
    CITY_DIR: DEMO_CITY_DIR,
    ROUTER: "graph",
    PASSWORD_HASH: "low",
    CONFIRM_WITHIN_MS: deadline("confirmMs"),
    PAY_WITHIN_MS: deadline("payMs"),
    OFFER_LIFE_MS: deadline("offerMs"),
  };
}
