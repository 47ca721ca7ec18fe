import type { OFFER_STATUSES } from "#shared/contracts/states.ts";

export type OfferStatus = (typeof OFFER_STATUSES)[number];

/** How a command of a race was answered. */
export interface Answered {
  readonly who: "courier" | "stranger" | "dispatcher" | "platform";
  readonly what: "accept" | "decline" | "assign" | "pin" | "expire";
  /** Undefined: it was done. */
  readonly refusedAs: string | undefined;
  /** The orders in the courier's hands, as an accept that was done told them. */
  readonly inHand?: readonly string[];
}

/** What the store says after a race. */
export interface Truth {
  readonly courierId: string;
  readonly orderId: string;
  readonly offer: OfferStatus;
  /** How often that courier's stream told the offer's end. */
  readonly closings: number;
  readonly holderId: string | null;
  /** How often the delivery was given to somebody. */
  readonly givings: number;
}

/**
 * What is wrong with a race, in a sentence; undefined when there was exactly one winner and everybody was told so: the offer ended
 * once, in one way; the delivery was given once at most, to its courier just when the offer was accepted; every accept and
 * decline that lost was refused, every stranger too. A courier's accepts are one answer: once it is taken, all of them are
 * told that it is theirs. [OFR1]
 */
export function faultOf(answers: readonly Answered[], truth: Truth): string | undefined {
  return storeFault(truth) ?? answers.map((each) => answerFault(each, truth)).find((fault) => fault !== undefined);
}

function storeFault({ offer, closings, holderId, courierId, givings }: Truth): string | undefined {
  if (offer === "offered") return "the offer is still open";
  if (closings !== 1) return `the offer's end was told ${closings} times`;
  if (givings !== (holderId === null ? 0 : 1)) return `the delivery was given ${givings} times`;
  if ((offer === "accepted") !== (holderId === courierId))
    return `the offer is ${offer}, and the delivery is held by ${holderId ?? "nobody"}`;
  return undefined;
}

/** How a command has to be refused when its offer ended so; undefined: it has to be done. */
const REFUSED: Readonly<Record<Answered["what"], (offer: OfferStatus) => string | undefined>> = {
  accept: (offer) => (offer === "accepted" ? undefined : "offer.closed"),
  decline: (offer) => (offer === "declined" ? undefined : "offer.closed"),
  // Somebody has it: it cannot be given to another. After another end it can.
  assign: (offer) => (offer === "accepted" ? "delivery.illegal-action" : undefined),
  pin: () => undefined,
  expire: () => undefined,
};

function answerFault({ who, what, refusedAs, inHand }: Answered, { offer, orderId }: Truth): string | undefined {
  const said = `the ${who}'s ${what} was ${refusedAs === undefined ? "done" : `refused (${refusedAs})`}, the offer is ${offer}`;
  if (refusedAs !== (who === "stranger" ? "offer.not-found" : REFUSED[what](offer))) return said;
  const taken = what === "accept" && refusedAs === undefined;
  return taken && inHand?.join() !== orderId ? `${said}, and in hand is ${inHand?.join() ?? "nothing"}` : undefined;
}
