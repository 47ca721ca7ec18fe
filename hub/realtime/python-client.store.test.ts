import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { afterAll, beforeAll, expect, test, vi } from "vitest";

import type { StreamRef } from "#shared/contracts/streams.ts";
import { zoneOf } from "#shared/domain/geo/cells.ts";
import { assert } from "#shared/lib/assert.ts";
import { closesAt, makeAuthoriseWatch } from "#shared/server/life/watching.ts";
import { as, liveMarket, MARKET, type LiveMarket } from "#shared/testing/live-market.ts";
import { scenesOf, type Scenes } from "#shared/testing/order-scenes.ts";
import { testServices } from "#shared/testing/services.ts";

import { findPythonSocketIo } from "../../deploy/local/python-socketio.ts";
import { startTestHub, startTestWriter, tokenOf, type TestHub, type TestWriter } from "./harness.ts";

const SCRIPT = join(import.meta.dirname, "../testing/track-order.py");
const PYTHON = findPythonSocketIo();
const { databaseUrl, redisLiveUrl } = await testServices();
let town: LiveMarket;
let scene: Scenes;
let hub: TestHub;
let writer: TestWriter;

beforeAll(async () => {
  town = await liveMarket(databaseUrl, { couriers: 1 });
  scene = scenesOf(town);
  const authorise = makeAuthoriseWatch(town.db);
  const rights = {
    authorise: async (...asked: Parameters<typeof authorise>) => ({ viewer: await authorise(...asked) }),
  };
  hub = await startTestHub({ databaseUrl, redisUrls: redisLiveUrl, rights: { ...rights, closesAt } });
  writer = startTestWriter(databaseUrl, redisLiveUrl);
});
afterAll(async () => {
  await writer.close();
  await hub.close();
});

/** What the client says; which words it knows is in its script. */
interface Said {
  readonly got: "snapshot" | "event" | "position" | "left" | "back";
  readonly seq?: number;
  readonly fromSeq?: number;
  readonly type?: string;
  readonly orderId?: string;
}

/** A customer's client in a process of its own. */
class Tracker {
  readonly said: Said[] = [];
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #ended: Promise<unknown>;
  #error = "";

  constructor(python: string, ref: StreamRef, leaveAfter: number) {
    this.#child = spawn(python, [SCRIPT, hub.url]);
    this.#ended = once(this.#child, "exit");
    this.#child.stderr.on("data", (text: Buffer) => (this.#error += text.toString()));
    // Cast: a line of the script.
    createInterface(this.#child.stdout).on("line", (line) => this.said.push(JSON.parse(line) as Said));
    this.tell(JSON.stringify({ token: tokenOf(town.customer), stream: ref, leaveAfter }));
  }

  tell(line: string): void {
    this.#child.stdin.write(`${line}\n`);
  }

  /** Resolves when it has said this; rejects with its complaint. */
  async heard(got: Said["got"]): Promise<void> {
    await vi.waitFor(
      () => {
        if (!this.said.some((one) => one.got === got)) throw new Error(`${got} was not said ${this.#error}`);
      },
      { timeout: 20_000, interval: 50 },
    );
  }

  /** Its exit code, and what it had to complain of. */
  async end(): Promise<{ readonly code: number; readonly error: string }> {
    // Cast: of the event.
    const [code] = (await this.#ended) as [number];
    return { code, error: this.#error };
  }

  stop(): void {
    this.#child.kill();
  }
}

/** Tells the hubs what has been written, as hubs and workers do. */
async function announce(): Promise<void> {
  await writer.publisher.publish(town.announced.splice(0));
}

test.skipIf(PYTHON === undefined)(
  "[CNF10] python-socketio tracks an order to its door: each event once and in order, over a lost connection",
  async () => {
    const order = await scene.created();
    const courier = await scene.onDuty(0);
    const ref: StreamRef = { marketId: MARKET, kind: "order", id: order.orderId };
    const tracker = new Tracker(PYTHON ?? "", ref, 3);
    try {
      await tracker.heard("snapshot");
      await cook(order, courier);
      await tracker.heard("left");
      const step = await carry(courier);
      tracker.tell("come back");
      await tracker.heard("back");
      await showPlace(tracker, courier.id, order.orderId);
      await town.useCases["delivery.arrive-at-customer"](as(courier.identity), step);
      await town.useCases["delivery.hand-over"](as(courier.identity), step);
      await announce();
      expect(await tracker.end()).toEqual({ code: 0, error: "" });
    } finally {
      tracker.stop();
    }
    const { events } = await town.useCases["order.story"](as(town.support), order);
    const stored = events.map(({ seq, type }) => ({ seq, type }));
    const from = tracker.said[0]?.seq ?? Number.NaN;
    const got = tracker.said.flatMap((one) => (one.got === "event" ? [{ seq: one.seq, type: one.type }] : []));
    expect(got).toEqual(stored.filter(({ seq }) => seq > from));
    expect(got.length).toBeGreaterThan(6);
    expect(tracker.said.find((one) => one.got === "position")?.orderId).toBe(order.orderId);
  },
  60_000,
);

type Order = Awaited<ReturnType<Scenes["created"]>>;
type Courier = LiveMarket["couriers"][number];

async function cook(order: Order, courier: Courier): Promise<void> {
  await town.useCases["order.confirm"](as(town.kitchen), { ...order, prepMinutes: 10 });
  await town.runJobs();
  const offer = await scene.offered(courier);
  await town.useCases["offer.accept"](as(courier.identity), { marketId: MARKET, offerId: offer.id });
  await town.useCases["order.start"](as(town.kitchen), order);
  await town.useCases["order.ready"](as(town.kitchen), order);
  await announce();
}

/** From the kitchen's door on: the client is away meanwhile. */
async function carry(courier: Courier): Promise<{ marketId: string; deliveryId: string }> {
  const { work } = await town.useCases["courier.read"](as(courier.identity), { marketId: MARKET });
  const deliveryId = work[0]?.delivery?.id;
  assert(deliveryId, "a delivery in hand");
  const step = { marketId: MARKET, deliveryId };
  for (const name of ["set-out", "arrive-at-merchant", "pick-up", "leave"] as const) {
    // oxlint-disable-next-line no-await-in-loop -- one step after the other
    await town.useCases[`delivery.${name}`](as(courier.identity), step);
  }
  await announce();
  return step;
}

/** The courier moves until the client has seen it: a position waits for nobody, and its room is joined without a word. */
async function showPlace(tracker: Tracker, courierId: string, orderId: string): Promise<void> {
  const [row] = await town.db.sql<{ id: string; version: number }[]>`
    select id, version from deliveries where order_id = ${orderId}`;
  const place = { lat: -34.9, lng: -56.18 };
  let takenAtMs = town.clock.nowMs();
  await expect
    .poll(
      async () => {
        takenAtMs += 1_000;
        await writer.publisher.publishPosition({
          marketId: MARKET,
          courierId,
          ...place,
          speedMps: 5,
          headingDeg: 90,
          takenAtMs,
          zone: zoneOf(place),
          carrying: [{ orderId, deliveryId: row?.id ?? "", version: row?.version ?? 0 }],
        });
        return tracker.said.some((one) => one.got === "position");
      },
      { timeout: 20_000, interval: 100 },
    )
    .toBe(true);
}
