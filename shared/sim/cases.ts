import type { CommandName, CommandOutput, ParsedInput } from "../contracts/catalogue/catalogue.ts";
import type { CourierRecord } from "../domain/order/records.ts";
import type { Actor } from "../domain/order/change.ts";
import type { Identity } from "../domain/rights/identity.ts";
import { Refusal } from "../contracts/errors.ts";
import { assert } from "../lib/assert.ts";
import type { SimLife, SimWork } from "./life.ts";
import type { SimPayments } from "./payments.ts";
import type { SimCourier, SimStore } from "./store.ts";

export interface SimCaller {
  readonly identity: Identity | undefined;
  /** Names the intention; repeated, it gets the stored answer. */
  readonly key: string | undefined;
}

export type SimCase<N extends CommandName> = (caller: SimCaller, input: ParsedInput<N>) => CommandOutput<N>;
/** What the simulated platform can be asked; the rest is refused. */
export type SimCases = { readonly [N in CommandName]?: SimCase<N> };

/** All in deployment milliseconds. */
export interface SimSettings {
  readonly payWithinMs: number;
  readonly confirmWithinMs: number;
  readonly concludeAfterMs: number;
  readonly offerLifeMs: number;
}

/** What use cases stand on. */
export interface SimDeps {
  readonly store: SimStore;
  readonly life: SimLife;
  readonly payments: SimPayments;
  readonly settings: SimSettings;
  readonly nowMs: () => number;
  readonly newId: () => string;
  /** Runs one change, then announces what it tells. */
  readonly run: <T>(work: (w: SimWork) => T) => T;
  /** The same for a person's command: repeated with its key it gives the stored answer and does nothing. */
  readonly command: <T>(caller: SimCaller, name: CommandName, input: unknown, work: (w: SimWork) => T) => T;
  readonly hintRound: (marketId: string) => void;
  /** Hears of every deadline that begins to run. */
  readonly onDeadline: (orderId: string, atMs: number) => void;
  /** Brings the payment provider and an order to agree. */
  readonly settle: (orderId: string) => void;
}

export function identityOf({ identity }: SimCaller): Identity {
  assert(identity, "the edge lets nobody in without an identity");
  return identity;
}

export function courierActor({ personId }: CourierRecord): Actor {
  return { role: "courier", personId };
}

/** @throws {Refusal} `courier.not-found` when the caller does not work here (any more) */
export function ownCourier(store: SimStore, caller: SimCaller, marketId: string): SimCourier {
  const courier = store.courierOf.get(`${marketId}/${identityOf(caller).personId}`);
  if (!courier?.row.active) throw new Refusal("courier.not-found", "you are not a courier of this market");
  return courier;
}
