import { expect, test } from "vitest";

import { makeApi } from "./rest-client.ts";

interface Sent {
  readonly url: string;
  readonly method: string | undefined;
  readonly headers: Headers;
  readonly body: unknown;
}

function apiWith(answer: () => Response | Promise<Response>) {
  const sent: Sent[] = [];
  const api = makeApi({
    baseUrl: "https://hub.test",
    token: () => "a-token",
    // Cast: the client gives a string and plain options.
    fetch: async (url, init = {}) => {
      sent.push({
        url: url as string,
        method: init.method,
        headers: new Headers(init.headers),
        body: init.body === undefined ? undefined : JSON.parse(init.body as string),
      });
      return answer();
    },
  });
  return { api, sent };
}

const ORDER = "0190a000-0000-7000-8000-00000000000a";

test("[RTM28] a query puts its input into path and query, without what is undefined", async () => {
  const { api, sent } = apiWith(() => Response.json({ restaurants: [], nextCursor: null }));
  await api.call("restaurants.near", { marketId: "test-market", lat: 1.5, search: "a b", cursor: undefined });
  expect(sent[0]?.url).toBe("https://hub.test/v1/markets/test-market/restaurants?lat=1.5&search=a+b");
  expect(sent[0]).toMatchObject({ method: "GET", body: undefined });
  expect(sent[0]?.headers.get("authorization")).toBe("Bearer a-token");
  expect(sent[0]?.headers.get("idempotency-key")).toBe(null);
});

test("[RTM28] a command has its key, and what the path does not name in its body", async () => {
  const { api, sent } = apiWith(() => Response.json({ id: ORDER, status: "CONFIRMED" }));
  const input = { marketId: "test-market", orderId: ORDER, prepMinutes: 12 };
  expect(await api.call("order.confirm", input, { key: "a-key-of-mine" })).toMatchObject({ status: "CONFIRMED" });
  expect(sent[0]).toMatchObject({
    url: `https://hub.test/v1/markets/test-market/orders/${ORDER}/confirm`,
    method: "POST",
    body: { prepMinutes: 12 },
  });
  expect(sent[0]?.headers.get("idempotency-key")).toBe("a-key-of-mine");
  await api.call("order.confirm", input);
  expect(sent[1]?.headers.get("idempotency-key")).toMatch(/^[0-9a-f-]{36}$/u);
});

test("[RTM28] a problem is a refusal with its code; what cannot be understood is an overloaded hub", async () => {
  const problem = { code: "order.not-found", detail: "no such order" };
  const cases: [() => Response | Promise<Response>, string][] = [
    [() => Response.json(problem, { status: 404 }), "order.not-found"],
    [() => new Response("<html>bad gateway</html>", { status: 502 }), "hub.overloaded"],
    [() => Response.json({ code: "not.of-ours" }, { status: 400 }), "hub.overloaded"],
    [() => new Response("", { status: 429 }), "rate.limited"],
    [() => Promise.reject(new TypeError("fetch failed")), "hub.overloaded"],
  ];
  for (const [answer, code] of cases) {
    const { api } = apiWith(answer);
    await expect(api.call("me.read", {})).rejects.toMatchObject({ name: "Refusal", code });
  }
});
