import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";

import { describe, expect, test } from "vitest";

import { seededRng } from "#shared/lib/rng.ts";
import type { StoredEvent, StreamRef } from "#shared/contracts/streams.ts";

import type { LoggedWatch } from "../actors/recorder.ts";
import type { ReplayFigures } from "../replay/figures.ts";
import { readFaultArgs } from "./args.ts";
import { behind, headsOf, heardNew } from "./catch-up.ts";
import { pick, scheduleOf } from "./draw.ts";
import { faultFiguresOf, since, wrongIn, type FaultRow } from "./fault-figures.ts";
import { FAULT_KINDS } from "./kinds.ts";
import { makeLinks } from "./links.ts";

describe("the schedule", () => {
  test("[FLT6] two dozen kinds and more, each with a name of its own", () => {
    const names = FAULT_KINDS.map(({ name }) => name);
    expect(names.length).toBeGreaterThanOrEqual(24);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[a-z]+(?:-[a-z]+)*$/u.test(name))).toEqual([]);
  });

  test("[FLT6] the same seed gives the same order and draws; another seed another", () => {
    const told = (seed: number) => scheduleOf(seed, FAULT_KINDS).map(({ kind, draw }) => [kind.name, draw] as const);
    expect(told(7)).toEqual(told(7));
    expect(told(7).map(([name]) => name)).not.toEqual(told(8).map(([name]) => name));
    expect(
      told(7)
        .map(([name]) => name)
        .toSorted(),
    ).toEqual(FAULT_KINDS.map(({ name }) => name).toSorted());
  });

  test("[FLT6] a kind that is played alone is played as among the others", () => {
    const among = new Map(scheduleOf(7, FAULT_KINDS).map(({ kind, draw }) => [kind.name, draw]));
    for (const kind of FAULT_KINDS) expect(scheduleOf(7, [kind])[0]?.draw).toEqual(among.get(kind.name));
    expect(new Set([...among.values()].map(({ which }) => which)).size).toBe(FAULT_KINDS.length);
  });

  test("a place in a list", () => {
    expect([0, 0.49, 0.5, 0.99].map((at) => pick(["a", "b"], at))).toEqual(["a", "a", "b", "b"]);
    expect(() => pick([], 0.5)).toThrow(/nothing to pick/u);
  });
});

describe("what is asked", () => {
  test.each([
    [["--only", "nonsense"], /no fault "nonsense"; there are .*hub-killed/u],
    [["--seed", "x"], /usage/u],
    [["--speed", "0"], /usage/u],
    [["hub-killed"], /--only hub-killed/u],
    [["--what"], /usage/u],
  ])("%j is refused in a sentence", (argv, sentence) => {
    expect(readFaultArgs(argv)).toMatch(sentence);
  });

  test("all kinds, or those that are named", () => {
    expect(readFaultArgs([])).toMatchObject({ kinds: FAULT_KINDS, seed: 1, speed: 60, list: false });
    const some = readFaultArgs(["--only", "hub-killed", "--only", "slow-reader", "--seed", "9"]);
    expect(some).toMatchObject({ seed: 9, kinds: [{ name: "hub-killed" }, { name: "slow-reader" }] });
  });
});

const uuid = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const order: StreamRef = { marketId: "replay", kind: "order", id: uuid(1) };
const kitchen: StreamRef = { marketId: "replay", kind: "restaurant", id: uuid(2) };

const row = (seq: number): StoredEvent => ({
  marketId: "replay",
  id: uuid(100 + seq),
  type: "order.changed",
  payload: {},
  actorRole: "kitchen",
  actorId: null,
  atMs: seq,
  orderId: order.id,
  orderSeq: seq,
  restaurantId: kitchen.id,
  restaurantSeq: seq + 10,
  courierId: null,
  courierSeq: null,
});

const heard = (seq: number) => ({
  id: uuid(100 + seq),
  seq,
  type: "order.changed",
  atMs: seq,
  orderId: order.id,
  payload: {},
  heardAtMs: seq,
});

const watch = (stream: StreamRef, snapshotSeq: number, upTo: number): LoggedWatch => ({
  viewer: { as: stream.kind === "order" ? "customer" : "kitchen", personId: uuid(3) },
  stream,
  epoch: "1",
  snapshotSeq,
  events: Array.from({ length: upTo - snapshotSeq }, (_, index) => heard(snapshotSeq + 1 + index)),
});

describe("[FLT7] catching up", () => {
  const heads = headsOf([row(2), row(1), row(3)]);

  test("a head for each stream in which an event stands", () => {
    expect([...heads.values()]).toEqual([3, 13]);
  });

  test("whoever stands before their stream's head is behind, and is named", () => {
    expect(behind([watch(order, 1, 3), watch(kitchen, 13, 13)], heads)).toEqual([]);
    expect(behind([watch(order, 1, 2), watch(kitchen, 12, 12)], heads)).toEqual([
      expect.stringMatching(/^customer .* stands at 2 of 3$/u),
      expect.stringMatching(/^kitchen .* stands at 12 of 13$/u),
    ]);
  });

  test("the newest watch counts; one that has ended is owed nothing", () => {
    expect(behind([watch(order, 0, 1), watch(order, 3, 3)], heads)).toEqual([]);
    expect(behind([watch(order, 3, 3), watch(order, 0, 1)], heads)).toHaveLength(1);
    expect(behind([{ ...watch(order, 0, 1), closedSeq: 1 }], heads)).toEqual([]);
    expect(behind([{ ...watch(order, 0, 1), leftSeq: 1 }], heads)).toEqual([]);
  });

  test("an event that nobody knew of is heard", () => {
    const known = new Set([row(1).id, row(2).id]);
    expect(heardNew([watch(order, 0, 2)], known)).toBe(false);
    expect(heardNew([watch(order, 0, 2), watch(order, 2, 3)], known)).toBe(true);
  });
});

describe("[FLT8] the figures", () => {
  const NONE = { lost: 0, doubled: 0, disordered: 0, leaked: 0 };
  const played = (change: Partial<FaultRow> = {}): FaultRow => ({
    name: "hub-killed",
    seed: 1,
    done: "killed hub-0",
    brokenMs: 1_000,
    events: 12,
    catchUpMs: 300,
    goesOnMs: 100,
    ...NONE,
    ...change,
  });
  // Cast: what is read of a day.
  const day = (change: Partial<ReplayFigures> = {}) =>
    ({ ...NONE, placed: 9, delivered: 8, eventsPublished: 120, moneyMismatches: 0, ...change }) as ReplayFigures;

  test("a clean run", () => {
    const figures = faultFiguresOf(1, [played(), played({ name: "slow-reader", catchUpMs: 500 })], day());
    expect(figures).toMatchObject({ seed: 1, kinds: 2, ...NONE, catchUpP50Ms: 400, catchUpP99Ms: 498, placed: 9 });
    expect(wrongIn(figures)).toEqual([]);
  });

  test.each([
    ["lost in a kind", [played({ lost: 1 })], day(), /^hub-killed: 1 lost/u],
    ["leaked in all", [played()], day({ leaked: 2 }), /^in all: 0 lost, 0 doubled, 0 disordered, 2 leaked$/u],
    ["stuck", [played({ stuck: "after 120000 ms 2 of 9 are not connected" })], day(), /2 of 9 are not connected/u],
    ["idle", [played({ events: 0 })], day(), /nothing happened meanwhile/u],
    ["money", [played()], day({ moneyMismatches: 1 }), /money/u],
    ["nothing", [], day(), /no fault was played/u],
  ] as const)("%s is not clean", (_, rows, whole, sentence) => {
    expect(wrongIn(faultFiguresOf(1, rows, whole))).toEqual([expect.stringMatching(sentence)]);
  });

  test("a kind has on its account what was not wrong before it", () => {
    expect(since({ ...NONE, lost: 2 }, { ...NONE, lost: 2, doubled: 1 })).toEqual({ ...NONE, doubled: 1 });
  });
});

test("[FLT5] a link for each, by name; a fault on those that fit and no other", async () => {
  const server = createServer((socket) => socket.on("error", () => {}).end("here"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const links = makeLinks(seededRng(1));
  try {
    const hubs = await links.hubsFor([`http://127.0.0.1:${port}`]);
    const env = await links.envOf("hub-0", {
      DATABASE_URL: `postgres://tiffin:word@127.0.0.1:${port}/tiffin`,
      REDIS_LIVE_URL: `redis://127.0.0.1:${port}`,
      OTHER: "left alone",
    });
    expect(links.names.toSorted()).toEqual([
      "couriers>hub-0",
      "customers>hub-0",
      "hub-0>postgres",
      "hub-0>redis-live",
      "kitchens>hub-0",
      "office>hub-0",
    ]);
    expect(Object.keys(env)).toEqual(["DATABASE_URL", "REDIS_LIVE_URL"]);
    expect(env["DATABASE_URL"]).toMatch(/^postgres:\/\/tiffin:word@127\.[\d.]+:\d+\/tiffin$/u);
    expect(new Set(["kitchen-1", "courier-2", "operator", "customer-3"].map((name) => hubs(name)[0])).size).toBe(4);
    expect(hubs("stranger-customer")).toEqual(hubs("customer-3"));
    const answered = async (name: string): Promise<boolean> => {
      const { port: own, hostname } = new URL(hubs(name)[0] ?? "");
      const socket = connect(Number(own), hostname).on("error", () => {});
      const [outcome] = await Promise.race([
        once(socket, "data").then(() => [true]),
        once(socket, "error").then(() => [false]),
      ]).catch(() => [false]);
      socket.destroy();
      return outcome === true;
    };
    await links.set(/^couriers>/u, { kind: "refuse" });
    expect([await answered("courier-2"), await answered("kitchen-1")]).toEqual([false, true]);
    await expect(links.set(/^nobody>/u, undefined)).rejects.toThrow(/no link fits/u);
  } finally {
    await links.close();
    server.close();
  }
});
