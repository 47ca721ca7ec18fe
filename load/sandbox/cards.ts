import { createHash } from "node:crypto";
import { invalidRequest, StripeFailure } from "./failure.ts";
import type { CardDetails, CardOutcome } from "./records.ts";

/** A card as Stripe's testing page lists it: https://docs.stripe.com/testing */
interface TestCard {
  readonly number: string;
  readonly brand: string;
  readonly outcome: CardOutcome;
}

const APPROVE: CardOutcome = { kind: "approve" };
const AUTHENTICATE: CardOutcome = { kind: "authenticate" };

const decline = (code: string, declineCode: string | null, message: string): CardOutcome => ({
  kind: "decline",
  code,
  declineCode,
  message,
});
const declined = (declineCode: string, reason = "Your card was declined."): CardOutcome =>
  decline("card_declined", declineCode, reason);

/** By the token that stands for the card in server-side tests. */
const BY_TOKEN: Readonly<Record<string, TestCard>> = {
  pm_card_visa: { number: "4242424242424242", brand: "visa", outcome: APPROVE },
  pm_card_visa_debit: { number: "4000056655665556", brand: "visa", outcome: APPROVE },
  pm_card_mastercard: { number: "5555555555554444", brand: "mastercard", outcome: APPROVE },
  pm_card_amex: { number: "378282246310005", brand: "amex", outcome: APPROVE },
  pm_card_authenticationRequired: { number: "4000002760003184", brand: "visa", outcome: AUTHENTICATE },
  pm_card_threeDSecure2Required: { number: "4000000000003220", brand: "visa", outcome: AUTHENTICATE },
  pm_card_chargeDeclined: { number: "4000000000000002", brand: "visa", outcome: declined("generic_decline") },
  pm_card_visa_chargeDeclined: { number: "4000000000000002", brand: "visa", outcome: declined("generic_decline") },
  pm_card_chargeDeclinedInsufficientFunds: {
    number: "4000000000009995",
    brand: "visa",
    outcome: declined("insufficient_funds", "Your card has insufficient funds."),
  },
  pm_card_visa_chargeDeclinedLostCard: { number: "4000000000009987", brand: "visa", outcome: declined("lost_card") },
  pm_card_visa_chargeDeclinedStolenCard: {
    number: "4000000000009979",
    brand: "visa",
    outcome: declined("stolen_card"),
  },
  pm_card_chargeDeclinedExpiredCard: {
    number: "4000000000000069",
    brand: "visa",
    outcome: decline("expired_card", null, "Your card has expired."),
  },
  pm_card_chargeDeclinedIncorrectCvc: {
    number: "4000000000000127",
    brand: "visa",
    outcome: decline("incorrect_cvc", null, "Your card's security code is incorrect."),
  },
  pm_card_chargeDeclinedProcessingError: {
    number: "4000000000000119",
    brand: "visa",
    outcome: decline(
      "processing_error",
      null,
      "An error occurred while processing your card. Try again in a little bit.",
    ),
  },
};

const BY_NUMBER = new Map(Object.values(BY_TOKEN).map((card) => [card.number, card]));
BY_NUMBER.set("4000002500003155", { number: "4000002500003155", brand: "visa", outcome: AUTHENTICATE });

/** Stripe declines a real card in test mode with these words. */
const LIVE_CARD = declined(
  "test_mode_live_card",
  "Your card was declined. Your request was in test mode, but used a non test (live) card. For a list of valid test cards, visit: https://stripe.com/docs/testing.",
);

interface NewCard {
  readonly card: CardDetails;
  readonly outcome: CardOutcome;
}

/** The card behind a `pm_card_…` token; undefined if there is no such token. */
export function cardOfToken(token: string, year: number): NewCard | undefined {
  const found = BY_TOKEN[token];
  return found && { card: details(found.number, found.brand, 12, year + 2), outcome: found.outcome };
}

interface CardInput {
  readonly number: string;
  readonly exp_month: number;
  readonly exp_year: number;
  readonly cvc?: string | undefined;
}

/** The card of a typed-in number, checked as Stripe checks it (402 for what the buyer can correct). */
export function cardOfNumber(input: CardInput, now: { year: number; month: number }): NewCard {
  const number = input.number.replaceAll(/[\s-]/g, "");
  const year = input.exp_year < 100 ? 2000 + input.exp_year : input.exp_year;
  if (!/^\d{12,19}$/.test(number) || !luhn(number)) throw badCard("incorrect_number", "number", "number is incorrect");
  checkExpiry(year, input.exp_month, now);
  if (!/^\d{3,4}$/.test(input.cvc ?? "000")) throw badCard("invalid_cvc", "cvc", "security code is invalid");
  const known = BY_NUMBER.get(number);
  return {
    card: details(number, known?.brand ?? "unknown", input.exp_month, year),
    outcome: known?.outcome ?? LIVE_CARD,
  };
}

function checkExpiry(year: number, month: number, now: { year: number; month: number }): void {
  if (month < 1 || month > 12) throw badCard("invalid_expiry_month", "exp_month", "expiration month is invalid");
  const monthsLeft = (year - now.year) * 12 + month - now.month;
  if (monthsLeft < 0 || year > now.year + 50)
    throw badCard("invalid_expiry_year", "exp_year", "expiration year is invalid");
}

/** Stripe refuses card numbers that come through a server: they belong to the browser and a publishable key. */
export function refuseRawCard(): StripeFailure {
  return new StripeFailure(402, {
    type: "invalid_request_error",
    message:
      "Sending credit card numbers directly to the Stripe API is generally unsafe. We suggest you use test tokens that map to the test card you are using, see https://stripe.com/docs/testing.",
  });
}

/** Refuses a token that names no card. */
export function unknownToken(id: string): StripeFailure {
  return invalidRequest(`No such PaymentMethod: '${id}'`, { code: "resource_missing", param: "payment_method" });
}

function badCard(code: string, param: string, what: string): StripeFailure {
  return new StripeFailure(402, { type: "card_error", code, param, message: `Your card's ${what}.` });
}

function details(number: string, brand: string, expMonth: number, expYear: number): CardDetails {
  return {
    brand,
    last4: number.slice(-4),
    exp_month: expMonth,
    exp_year: expYear,
    funding: brand === "unknown" ? "unknown" : "credit",
    country: "US",
    fingerprint: createHash("sha256").update(number).digest("hex").slice(0, 16),
  };
}

/** ISO/IEC 7812-1 check digit. */
function luhn(number: string): boolean {
  const sum = number
    .split("")
    .toReversed()
    .reduce((total, digit, index) => {
      const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
  return sum % 10 === 0;
}
