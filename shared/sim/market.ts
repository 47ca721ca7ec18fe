import { makeOrderEta } from "../domain/eta/order-eta.ts";
import { priorBeliefs, type EtaPriors } from "../domain/eta/parts.ts";
import type { Point } from "../domain/geo/point.ts";
import { makeLocalClock, type LocalClock } from "../domain/restaurant/opening-hours.ts";
import type { Router } from "../domain/router/router.ts";
import type { SimStore } from "./store.ts";

export interface SimMarketOptions {
  readonly id: string;
  readonly name: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly currency: string;
  readonly locale: string;
  readonly taxBasisPoints: number;
  readonly center: Point;
  readonly router: Router;
  /** What is believed of the minutes at both doors before anything was learned. */
  readonly priors?: EtaPriors;
}

/** A market of the simulated platform, with its router and what is believed of its times. */
export function addMarket(store: SimStore, { router, priors, ...market }: SimMarketOptions): void {
  const { id, currency, taxBasisPoints, timeZone, center, name, locale } = market;
  const localClock = byTheMinute(makeLocalClock(timeZone));
  const beliefs = priorBeliefs(priors);
  const eta = makeOrderEta(
    () => router,
    center,
    () => beliefs,
  );
  const facts = { id, currency, taxBasisPoints, timeZone, localClock, center, router, eta };
  store.markets.set(id, { facts, name, locale, round: 0, roundAtMs: 0, movesAtMs: 0 });
}

/** The same clock, read once a minute: reading a time zone costs more than all else of a request. */
function byTheMinute(clock: LocalClock): LocalClock {
  let minute = Number.NaN;
  let local = clock(0);
  return (atMs) => {
    const at = Math.floor(atMs / 60_000);
    if (at !== minute) [minute, local] = [at, clock(atMs)];
    return local;
  };
}
