import type { Costing } from "./approach.ts";
import type { Supply } from "./coverage.ts";
import { makeRoom } from "./edges.ts";
import { byId, costingOf, kitchensOf, nearOf, usableCouriers } from "./kitchens.ts";
import { planMoves } from "./moves.ts";
import {
  DISPATCH_VERSION,
  type Commit,
  type Hold,
  type HoldReason,
  type Move,
  type RoundCourier,
  type RoundInput,
  type RoundPlan,
  type RoundSettings,
  type WeighedCourier,
} from "./round.ts";
import {
  carriedPickupMs,
  cheapestEdges,
  latestLeaveMs,
  makeRow,
  numbersOf,
  weighedAt,
  type Row,
  type Weighed,
} from "./rows.ts";
import { componentsOf, solveComponent, type Solved } from "./solve.ts";

/** How many of the weighed couriers are kept with a commit. */
const EXPLAINED = 8;

/**
 * Decides one round: who is sent now, and who waits. Pure: the same input and settings give the same plan, bit for
 * bit, in whatever order deliveries and couriers are listed. [DSP1]
 *
 * All deliveries ready within the horizon and all couriers soon free, at the place where they will be, are assigned
 * as one problem; then only those are committed whose courier is free and would make the pick-up later by leaving a
 * round later. The others are held: the next round, which knows more, plans them anew.
 *
 * @param input times in epoch milliseconds, whole
 * @throws never on ordinary data; an assertion is a bug
 */
export function planRound(input: RoundInput, settings: RoundSettings): RoundPlan {
  const couriers = usableCouriers(input, settings);
  const near = nearOf(input, settings);
  const costing = costingOf(input, settings, { near, couriers });
  const far = input.deliveries.filter((each) => each.readyAtMs > input.nowMs + settings.horizonMs).toSorted(byId);
  const kitchens = kitchensOf(near, couriers, costing);
  // Some of them will go together, and that is weighed too.
  const most = kitchens.reduce((sum, { kitchen, deliveries }) => sum + kitchen.trips.length * deliveries.length, 0);
  makeRoom(costing.edges, Math.ceil(most * 1.5));
  const rows = kitchens.flatMap(({ kitchen, deliveries }) =>
    deliveries.map((each) => makeRow(kitchen, [each], costing)),
  );
  const components = componentsOf(rows, costing);
  const commits: Commit[] = [];
  const holds: Hold[] = far.map(({ id }) => ({ deliveryId: id, reason: "beyond-horizon" }));
  let merges = 0;
  for (const component of components) {
    const outcome = solveComponent(component, costing);
    merges += outcome.merges;
    for (const solved of outcome.solved) {
      if (solved.choice && mustGoNow(solved.choice, costing))
        commits.push(commitOf(solved.row, solved.choice, costing));
      else holds.push(...holdsOf(solved, costing));
    }
  }
  const moves = near.length > settings.moves.mostPlanned ? [] : movesOf(input, couriers, commits, holds, costing);
  return {
    version: DISPATCH_VERSION,
    nowMs: input.nowMs,
    settings,
    commits: commits.toSorted((a, b) =>
      a.courierId < b.courierId ? -1 : a.courierId > b.courierId ? 1 : a.kind < b.kind ? -1 : 1,
    ),
    holds: holds.toSorted((a, b) => (a.deliveryId < b.deliveryId ? -1 : 1)),
    moves,
    stats: {
      components: components.length,
      rows: rows.length,
      edges: rows.reduce((sum, { from, to }) => sum + to - from, 0),
      merges,
    },
  };
}

/** Who was asked to wait somewhere counts as being on the way there: nobody is sent after, and nobody who ignores it is asked at once again. */
function supplyOf(couriers: readonly RoundCourier[], { settings: { nowMs }, travelOf }: Costing): Supply[] {
  return couriers.map((courier) => {
    const { freePoint, freeAtMs, onTheWay, askedTo, stays } = courier;
    const inMs = Math.max(0, freeAtMs - nowMs);
    const idle = freeAtMs <= nowMs && !onTheWay;
    if (!idle || !askedTo) return { courier, point: freePoint, inMs, idle: idle && stays !== true };
    return { courier, point: askedTo, inMs: inMs + travelOf(courier)(freePoint, askedTo), idle: false };
  });
}

/** Who is left without a part in the plan waits where the next orders are to be expected. */
function movesOf(
  { nowMs, demand = [] }: RoundInput,
  couriers: readonly RoundCourier[],
  commits: readonly Commit[],
  holds: readonly Hold[],
  costing: Costing,
): Move[] {
  const { settings } = costing;
  if (demand.length === 0) return [];
  const planned = new Set([...commits, ...holds].flatMap(({ courierId }) => courierId ?? []));
  const left = couriers.filter(
    ({ shiftEndsAtMs, id }) => shiftEndsAtMs > nowMs + settings.moves.horizonMs && !planned.has(id),
  );
  return planMoves(supplyOf(left, costing), demand, costing, settings);
}

/** True when the next round would be too late for this: the pick-up would slip, or the courier would have left with the food. [DSP8] */
function mustGoNow(choice: Weighed, { settings }: Costing): boolean {
  const soonMs = settings.nowMs + settings.leadMs;
  if (choice.approach.kind === "addition") return carriedPickupMs(choice.approach) <= soonMs + settings.roundMs;
  const { onTheWay, freeAtMs } = choice.approach.courier;
  return !onTheWay && freeAtMs <= soonMs && latestLeaveMs(choice, settings) < soonMs + settings.roundMs;
}

function commitOf(row: Row, choice: Weighed, costing: Costing): Commit {
  const { kitchen, deliveries } = row;
  const shown = (each: Weighed): WeighedCourier => ({
    courierId: each.approach.courier.id,
    ...numbersOf(each, kitchen, costing),
    cost: each.cost,
  });
  const kept = cheapestEdges(row, costing, EXPLAINED).flatMap((edge) => weighedAt(row, edge, costing) ?? []);
  if (!kept.some(({ approach }) => approach.column === choice.approach.column)) kept.splice(EXPLAINED - 1, 1, choice);
  return {
    courierId: choice.approach.courier.id,
    restaurantId: kitchen.restaurantId,
    deliveryIds: choice.drops.map(({ id }) => id),
    addedIds: choice.drops.map(({ id }) => id).filter((id) => deliveries.some((each) => each.id === id)),
    kind: choice.approach.kind,
    numbers: { ...numbersOf(choice, kitchen, costing), cost: choice.cost },
    weighed: kept.map(shown),
  };
}

function holdsOf({ row, choice }: Solved, costing: Costing): Hold[] {
  const { settings } = costing;
  if (!choice) {
    const reason: HoldReason = row.from === row.to ? "no-candidate" : "outweighed";
    return row.deliveries.map(({ id }) => ({ deliveryId: id, reason }));
  }
  const busy = choice.approach.kind === "trip" && choice.approach.courier.freeAtMs > settings.nowMs + settings.leadMs;
  const numbers = numbersOf(choice, row.kitchen, costing);
  return row.deliveries.map(({ id }) => ({
    deliveryId: id,
    reason: busy ? "courier-busy" : "not-yet",
    courierId: choice.approach.courier.id,
    deliveryIds: choice.drops.map((each) => each.id),
    numbers,
  }));
}
