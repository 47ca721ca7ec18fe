import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Server } from "socket.io";
import { afterEach, expect, test, vi } from "vitest";

import { artilleryArgs, readArtilleryArgs } from "../args.ts";
import { METRIC, reportLog } from "./measure.ts";
import { rideOutStorm } from "./storm.ts";
import { mustBeAnswered, type Report } from "./virtual-user.ts";

const UUID = "0190a000-0000-7000-8000-00000000000a";
/** A crowded machine takes a while to connect. */
const PATIENT = { timeout: 20_000 };
const REF = { marketId: "test-market", kind: "restaurant", id: UUID } as const;
const OPENED = {
  person: { id: UUID, name: "Cook", email: "cook@load.example", roles: [] },
  accessToken: "a token",
  accessExpiresAtMs: Date.now() + 3_600_000,
  refreshToken: "another",
};

function eventOf(seq: number, atMs = 0) {
  return { id: UUID, seq, type: "restaurant.paused", atMs, orderId: null, payload: {} };
}

/** Adds up what is reported. */
function tally(): Report & { readonly counters: Map<string, number>; readonly samples: Map<string, number[]> } {
  const counters = new Map<string, number>();
  const samples = new Map<string, number[]>();
  return {
    counters,
    samples,
    emit(kind, name, value) {
      if (kind === "counter") counters.set(name, (counters.get(name) ?? 0) + value);
      else samples.set(name, [...(samples.get(name) ?? []), value]);
    },
  };
}

test("[ATL4] each event is counted, and one that does not follow the one before is disordered", () => {
  const events = [2, 3, 3, 5].map((seq) => ({ ...eventOf(seq, 1_000), heardAtMs: 1_500 }));
  const report = tally();
  const viewer = { as: "kitchen", personId: UUID } as const;
  reportLog(report, { viewer, stream: REF, epoch: "e", snapshotSeq: 1, events }, 10);
  expect(Object.fromEntries(report.counters)).toEqual({ [METRIC.eventsReceived]: 4, [METRIC.eventsDisordered]: 2 });
  // Half a second of a deployment whose clock goes ten times as fast.
  expect(report.samples.get(METRIC.eventLatencyMs)).toEqual([50, 50, 50, 50]);
});

test("[ATL8] a refusal ends a virtual user under the hub's own code", async () => {
  await expect(mustBeAnswered({ name: "quote.make" }, { statusCode: 200 })).resolves.toBeUndefined();
  const refused = { statusCode: 409, body: JSON.stringify({ code: "restaurant.closed" }) };
  await expect(mustBeAnswered({ name: "quote.make" }, refused)).rejects.toThrow("quote.make restaurant.closed");
  const page = { statusCode: 502, body: "<html>" };
  await expect(mustBeAnswered({ name: "quote.make" }, page)).rejects.toThrow("quote.make 502");
});

test("[ATL9] what is asked wrongly is said, and what is asked is handed on to Artillery", () => {
  for (const wrong of [[], ["storm"], ["lunch", "--target", "http://a"], ["storm", "--target", "a"]]) {
    expect(readArtilleryArgs(wrong), wrong.join(" ")).toContain("usage:");
  }
  const wrongSet = ["storm", "--target", "http://a", "--set", "rounds"];
  expect(readArtilleryArgs(wrongSet)).toContain("is written name=value");
  const given = ["storm", "--target", "http://a:1/", "--people", "2", "--set", "rounds=3", "--threshold", "a.b.p99=1"];
  const args = readArtilleryArgs(given);
  if (typeof args === "string") throw new Error(args);
  const made = artilleryArgs(args, "storm");
  expect(made.at(-1)).toBe("storm.yml");
  const after = (flag: string) => made.find((each) => each.startsWith(`${flag}=`))?.slice(flag.length + 1) ?? "";
  expect(after("--target")).toBe("http://a:1");
  expect(JSON.parse(after("--variables"))).toEqual({ rounds: "3" });
  expect(JSON.parse(after("--overrides"))).toEqual({
    config: {
      phases: [{ name: "storm", duration: 30, arrivalCount: 2 }],
      ensure: { thresholds: [{ "a.b.p99": 1 }] },
    },
  });
});

const closing: (() => unknown)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  // oxlint-disable-next-line no-await-in-loop -- in their order
  for (const close of closing.splice(0).toReversed()) await close();
});

test("[ATL6] nobody is played twice at a time; whoever is given back can be played again", async () => {
  const dir = mkdtempSync(join(tmpdir(), "tiffin-accounts-"));
  closing.push(() => rmSync(dir, { recursive: true }));
  const login = { email: "a@load.example", password: "p", restaurantId: UUID };
  const cast = { customers: [], couriers: [], kitchens: [login, { ...login, email: "b@load.example" }] };
  writeFileSync(join(dir, "accounts.json"), JSON.stringify(cast));
  vi.stubEnv("TIFFIN_ACCOUNTS", join(dir, "accounts.json"));
  vi.resetModules();
  const { claim, mustClaim } = await import("./accounts.ts");
  const first = mustClaim("kitchens");
  const second = mustClaim("kitchens");
  closing.push(first.release, second.release);
  expect([first.account.email, second.account.email]).toEqual(["a@load.example", "b@load.example"]);
  expect(claim("kitchens")).toBeUndefined();
  expect(() => mustClaim("kitchens")).toThrow("2 in the accounts file");
  first.release();
  expect(mustClaim("kitchens").account.email).toBe("a@load.example");
});

interface SmallHub {
  readonly url: string;
  /** Positions that clients came back with. */
  readonly since: unknown[];
}

/** One restaurant's stream over stock Socket.IO, as far as a storm asks for it; `keeps` says which events it can give again. */
async function smallHub(
  keeps: (seq: number) => boolean,
  { publishableKey = "pk_test_1", letsIn = Number.POSITIVE_INFINITY } = {},
): Promise<SmallHub> {
  let connections = 0;
  let seq = 7;
  const since: unknown[] = [];
  const answerOf = ({ url = "" }: IncomingMessage): unknown => {
    if (url === "/v1/markets") return { markets: [{ id: REF.marketId, center: { lat: 0, lng: 0 } }] };
    if (url === "/v1/config") return { publishableKey, paymentApiBase: "http://127.0.0.1", clockRate: 1, nowMs: 1 };
    seq += 1;
    return {};
  };
  const http = createServer((request: IncomingMessage, response: ServerResponse) => {
    response.setHeader("content-type", "application/json").end(JSON.stringify(answerOf(request)));
  });
  const io = new Server(http, { transports: ["websocket"], serveClient: false });
  io.of("/kitchen").use((_, next) => {
    connections += 1;
    next(connections > letsIn ? new Error("hub.overloaded") : undefined);
  });
  io.of("/kitchen").on("connection", (socket) => {
    socket.on("stream:watch", (asked: { since?: { seq: number } }, ack: (answer: unknown) => void) => {
      const from = asked.since?.seq;
      if (from === undefined)
        return ack({ ok: true, data: { epoch: "e", seq, snapshot: { orders: [], paused: false } } });
      since.push(from);
      const kept = Array.from({ length: seq - from }, (_, index) => eventOf(from + index + 1)).filter((e) =>
        keeps(e.seq),
      );
      ack({ ok: true, data: { epoch: "e", seq: kept.at(-1)?.seq ?? from, fromSeq: from + 1, events: kept } });
    });
  });
  await new Promise<void>((done) => void http.listen(0, "127.0.0.1", done));
  closing.push(() => io.close());
  // Cast: it listens on TCP.
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, since };
}

async function stormAt(url: string, report: Report, withinS = 30): Promise<void> {
  const login = { email: "cook@load.example", password: "p", session: OPENED, restaurantId: UUID };
  const storm = { sockets: 3, rounds: 2, everyS: 0.05, awayS: 0, missed: 2, withinS };
  await rideOutStorm({ vars: { target: url, ...login, release: () => undefined, ...storm } }, report);
}

test("[ATL5] every screen comes back with where it stood and gets what it has missed", PATIENT, async () => {
  const { url, since } = await smallHub(() => true);
  const report = tally();
  await stormAt(url, report);
  expect(since).toEqual([7, 7, 7, 9, 9, 9]);
  const { counters, samples } = report;
  expect(counters.get(METRIC.dropped)).toBe(6);
  expect(counters.get(METRIC.caughtUp)).toBe(6);
  expect(counters.get(METRIC.eventsLost)).toBe(0);
  expect(counters.get(METRIC.eventsReceived)).toBe(12);
  expect(samples.get(METRIC.catchUpMs)).toHaveLength(6);
});

test("[ATL5] what a hub does not give back is lost", PATIENT, async () => {
  const { url } = await smallHub((seq) => seq < 8);
  const report = tally();
  await stormAt(url, report, 0.2);
  expect(report.counters.get(METRIC.caughtUp)).toBe(0);
  // Two events in each of two storms, for each of three screens.
  expect(report.counters.get(METRIC.eventsLost)).toBe(12);
});

test("[ATL5] whoever is not let in again has lost what was missed, and the storm ends", PATIENT, async () => {
  const { url } = await smallHub(() => true, { letsIn: 3 });
  const report = tally();
  await stormAt(url, report, 0.2);
  expect(report.counters.get(METRIC.eventsLost)).toBe(12);
  expect(report.counters.get(METRIC.refused)).toBeGreaterThanOrEqual(6);
});

test("[ATL7] a deployment that takes real money is left alone", async () => {
  const { url } = await smallHub(() => true, { publishableKey: "pk_live_1" });
  await expect(stormAt(url, tally())).rejects.toThrow("takes real money");
});
