/**
 * The operator's map with as many couriers and orders as the address says (`?couriers=5000&orders=2000`), moved as a hub
 * would move them at thirty frames a second: a fix a courier every three seconds, positions twice a second, a board every
 * two. Counted in frames, so that a slow machine has no more to do for each. For `npm run bench:ops-map`, which measures
 * it; nothing else loads it.
 */
import { useEffect, useMemo, useState } from "react";
import { createRoot } from "react-dom/client";

import type { BoardView } from "#shared/contracts/board.ts";
import { zoneOf } from "#shared/domain/geo/cells.ts";
import { seededRng } from "#shared/lib/rng.ts";

import { AppTheme } from "../../common/app-theme.tsx";
import { makeTheme } from "../../common/theme.ts";
import { withAnswer, type Board } from "../features/ops/board.ts";
import { Fleet } from "../features/ops/map/fleet.ts";
import { OpsMap } from "../features/ops/ops-map.tsx";
import { resolutionAt, supplyOf } from "../features/ops/supply.ts";

const asked = new URLSearchParams(location.search);
const COURIERS = Number(asked.get("couriers") ?? 5_000);
const ORDERS = Number(asked.get("orders") ?? 2_000);
const RESTAURANTS = 300;
const MARKET = { id: "bench", name: "Bench", center: { lat: -34.88, lng: -56.16 } };
const POSITIONS_EACH = 15;
const BOARD_EACH = 60;
/** One courier in six is told in each frame. */
const SHARE = 6;

const rng = seededRng(7);
const near = (reach: number) => ({
  lat: MARKET.center.lat + (rng() - 0.5) * reach,
  lng: MARKET.center.lng + (rng() - 0.5) * reach,
});
const restaurants = Array.from({ length: RESTAURANTS }, (_, i) => ({
  id: `r${i}`,
  name: `Kitchen ${i}`,
  point: near(0.12),
}));
const courierAt = Array.from({ length: COURIERS }, () => near(0.14));
const STATES = ["CONFIRMED", "PREPARING", "READY", "IN_DELIVERY"] as const;

function orderOf(index: number, nowMs: number): BoardView["orders"][number] {
  const status = STATES[Math.floor(rng() * STATES.length)] ?? "READY";
  const taken = status === "IN_DELIVERY" || rng() < 0.6;
  return {
    id: `o${index}`,
    code: `O${index}`,
    status,
    kind: "delivery",
    restaurantId: `r${index % RESTAURANTS}`,
    customerName: "Somebody",
    drop: near(0.15),
    deliveryStatus: taken ? (status === "IN_DELIVERY" ? "DELIVERY_ONGOING" : "ACCEPTED") : "PENDING",
    courierId: taken ? `c${index % COURIERS}` : null,
    courierName: null,
    stopOrder: 1,
    placedAtMs: nowMs - rng() * 3_000_000,
    promisedAtMs: nowMs + (rng() - 0.1) * 1_800_000,
    deliveredAtMs: null,
  };
}

function answerOf(whole: boolean, nowMs: number): BoardView {
  const orders = whole
    ? Array.from({ length: ORDERS }, (_, i) => i)
    : Array.from({ length: 60 }, () => Math.floor(rng() * ORDERS));
  const couriers = courierAt.map((point, i) => ({
    courierId: `c${i}`,
    name: `Courier ${i}`,
    vehicle: "bicycle",
    point,
    fixAtMs: 0,
    zone: zoneOf(point),
    holding: i < ORDERS / 2 ? 1 : 0,
    hasOffer: false,
  }));
  return {
    atMs: nowMs,
    version: "1",
    whole,
    counts: {},
    restaurants: whole ? restaurants : [],
    orders: orders.map((index) => orderOf(index, nowMs)),
    goneOrderIds: [],
    couriers: whole ? couriers : couriers.slice(0, 60),
    goneCourierIds: [],
  };
}

function Crowd() {
  const [board, setBoard] = useState<Board>(() => withAnswer(undefined, answerOf(true, Date.now())));
  const [zoom, setZoom] = useState(12);
  const fleet = useMemo(() => new Fleet(MARKET.center, performance.now(), false), []);
  useEffect(() => fleet.setCouriers(board.couriers.values(), performance.now()), [fleet, board]);
  useEffect(() => {
    let frame = 0;
    let next = requestAnimationFrame(function step() {
      frame += 1;
      if (frame % POSITIONS_EACH === 0) fleet.take({ zone: "all", couriers: movedOf(frame) }, performance.now());
      if (frame % BOARD_EACH === 0) setBoard((before) => withAnswer(before, answerOf(false, Date.now())));
      next = requestAnimationFrame(step);
    });
    return () => cancelAnimationFrame(next);
  }, [fleet]);
  const res = resolutionAt(zoom);
  const balances = useMemo(
    () => supplyOf(board, (id) => fleet.placeOf(id, performance.now()), res),
    [board, fleet, res],
  );
  return (
    <div style={{ height: "100vh" }}>
      <OpsMap
        market={MARKET}
        board={board}
        restaurants={restaurants}
        fleet={fleet}
        balances={balances}
        nowMs={Date.now()}
        selected={{ orderId: "o1", courierId: undefined }}
        onSelect={() => undefined}
        onZoom={setZoom}
      />
    </div>
  );
}

function movedOf(frame: number) {
  const moved = [];
  for (let i = (frame / POSITIONS_EACH) % SHARE; i < COURIERS; i += SHARE) {
    const before = courierAt[i] ?? MARKET.center;
    const next = { lat: before.lat + (rng() - 0.5) * 4e-4, lng: before.lng + (rng() - 0.5) * 4e-4 };
    courierAt[i] = next;
    moved.push({ courierId: `c${i}`, ...next, speedMps: null, headingDeg: null, takenAtMs: frame });
  }
  return moved;
}

/** Wall ms between the next so many animation frames. */
function frameTimes(wanted: number): Promise<number[]> {
  return new Promise((done) => {
    const times: number[] = [];
    let last = performance.now();
    const step = () => {
      const nowMs = performance.now();
      times.push(nowMs - last);
      last = nowMs;
      if (times.length < wanted) requestAnimationFrame(step);
      else done(times);
    };
    requestAnimationFrame(step);
  });
}
Object.assign(globalThis, { frameTimes });

const root = document.querySelector("#root");
if (!root) throw new Error("the page has no #root");
createRoot(root).render(
  <AppTheme theme={makeTheme()}>
    <Crowd />
  </AppTheme>,
);
