import { expect, test } from "vitest";

import { confirmCard, confirmedOf, confirmForm } from "./confirm-card.ts";

const card = { number: "4242 4242 4242 4242", expiry: "12 / 34", cvc: "123" };

test("the form is the one that Stripe's API takes", () => {
  const form = confirmForm("pi_1_secret_x", card, "https://here/orders/1");
  expect(Object.fromEntries(form)).toEqual({
    client_secret: "pi_1_secret_x",
    return_url: "https://here/orders/1",
    "payment_method_data[type]": "card",
    "payment_method_data[card][number]": "4242424242424242",
    "payment_method_data[card][exp_month]": "12",
    "payment_method_data[card][exp_year]": "2034",
    "payment_method_data[card][cvc]": "123",
  });
});

test("the intent is named by its client secret, and the key is the publishable one", async () => {
  const asked: { url: string; authorization: string | null }[] = [];
  const send: typeof fetch = async (input, init) => {
    const request = new Request(input, init);
    asked.push({ url: request.url, authorization: request.headers.get("authorization") });
    return Response.json({ status: "requires_capture" });
  };
  const config = { paymentsMode: "sandbox", publishableKey: "pk_1", paymentApiBase: "http://pay" } as const;
  expect(await confirmCard(send, config, "pi_1_secret_x", card, "http://here")).toEqual({ outcome: "done" });
  expect(asked).toEqual([{ url: "http://pay/v1/payment_intents/pi_1/confirm", authorization: "Bearer pk_1" }]);
});

test("answers: held, wanting the customer, refused, and already done", () => {
  expect(confirmedOf({ status: "succeeded" })).toEqual({ outcome: "done" });
  const redirect = { status: "requires_action", next_action: { redirect_to_url: { url: "http://bank" } } };
  expect(confirmedOf(redirect)).toEqual({ outcome: "redirect", url: "http://bank" });
  expect(confirmedOf({ error: { message: "Your card was declined." } })).toEqual({
    outcome: "refused",
    message: "Your card was declined.",
  });
  const repeated = {
    error: { code: "payment_intent_unexpected_state", payment_intent: { status: "requires_capture" } },
  };
  expect(confirmedOf(repeated)).toEqual({ outcome: "done" });
  expect(confirmedOf(undefined).outcome).toBe("refused");
});
