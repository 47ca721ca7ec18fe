import type { FastifyInstance, FastifyRequest } from "fastify";

import { Refusal } from "#shared/contracts/errors.ts";
import { PaymentProviderError } from "#shared/server/payments/provider.ts";

/** Rejects with a PaymentProviderError `bad_signature` for a message that the provider did not sign. */
export type HandleWebhook = (rawBody: Buffer, signature: string) => Promise<void>;

/**
 * `POST /v1/webhooks/payments`: the provider's own form, so the body stays raw for its signature. Any answer but 200 makes
 * the provider send it again, which is what should happen while a store is away. [API10]
 */
export async function webhookRoute(app: FastifyInstance, handle: HandleWebhook): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
    const receive = async (request: FastifyRequest): Promise<object> => {
      const signature = request.headers["stripe-signature"];
      if (typeof signature !== "string" || !Buffer.isBuffer(request.body)) {
        throw new Refusal("payload.invalid", "a signed body is needed");
      }
      try {
        await handle(request.body, signature);
      } catch (error) {
        if (error instanceof PaymentProviderError && error.code === "bad_signature") {
          throw new Refusal("payload.invalid", "the signature does not fit", { cause: error });
        }
        throw error;
      }
      return { received: true };
    };
    scope.route({ method: "POST", url: "/v1/webhooks/payments", config: { rateLimit: false }, handler: receive });
  });
}
