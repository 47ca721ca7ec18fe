import { readFileSync } from "node:fs";

import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { DELIVERY_STATUSES, ORDER_STATUSES, type OrderStatus } from "../../contracts/states.ts";
import {
  DELIVERY_TABLE,
  deliveryStep,
  ORDER_TABLE,
  orderStep,
  type DeliveryAction,
  type OrderAction,
  type OrderActor,
} from "./machine.ts";

const ORDER_ACTIONS: readonly OrderAction[] = [
  ...new Set(Object.values(ORDER_TABLE).flatMap((row) => Object.keys(row) as OrderAction[])),
];
const ACTORS: readonly OrderActor[] = ["customer", "kitchen", "courier", "office", "platform"];
const DELIVERY_ACTIONS: readonly DeliveryAction[] = [
  ...new Set(Object.values(DELIVERY_TABLE).flatMap((row) => Object.keys(row) as DeliveryAction[])),
];
const spec = readFileSync("docs/spec/order.md", "utf8");

/** The rows of the spec's tables with so many columns, without their heads. */
function drawn(columns: number): string[][] {
  return spec
    .split("\n")
    .filter((line) => line.startsWith("| "))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
    .filter((cells) => cells.length === columns && cells[0] !== "from" && !/^-+$/u.test(cells[0] ?? ""));
}

test("[ORD4] the drawn tables are the tables in the code", () => {
  const orderRows = Object.entries(ORDER_TABLE).flatMap(([from, row]) =>
    Object.entries(row).map(([action, cell]) => [from, action, cell.by.join(", "), cell.to]),
  );
  expect(drawn(5).map((cells) => cells.slice(0, 4))).toEqual(orderRows);
  const deliveryRows = Object.entries(DELIVERY_TABLE).flatMap(([from, row]) =>
    Object.entries(row).map(([action, to]) => [from, action, to]),
  );
  expect(drawn(3)).toEqual(deliveryRows);
});

describe("whatever is asked of an order, in whatever order", () => {
  const asked = fc.array(fc.tuple(fc.constantFrom(...ORDER_ACTIONS), fc.constantFrom(...ACTORS)), { maxLength: 40 });

  test("[ORD1] [ORD3] it moves only along the table, and an end is an end", () => {
    fc.assert(
      fc.property(asked, (sequence) => {
        let status: OrderStatus = "PENDING_PAYMENT";
        for (const [action, actor] of sequence) {
          const step = orderStep(status, action, actor);
          if (step.outcome !== "move") continue;
          const row: Partial<Record<OrderAction, { to: OrderStatus; by: readonly OrderActor[] }>> = ORDER_TABLE[status];
          expect(row[action]?.to).toBe(step.to);
          expect(row[action]?.by).toContain(actor);
          expect(Object.keys(ORDER_TABLE[status])).not.toHaveLength(0);
          status = step.to;
        }
      }),
    );
  });

  test("[ORD2] what moved it there is answered again, by the same actor only", () => {
    for (const from of ORDER_STATUSES) {
      for (const action of ORDER_ACTIONS) {
        for (const actor of ACTORS) {
          const step = orderStep(from, action, actor);
          if (step.outcome === "move")
            expect(orderStep(step.to, action, actor).outcome, `${action} twice`).not.toBe("illegal");
        }
      }
    }
    expect(orderStep("CONFIRMED", "confirm", "customer").outcome).toBe("illegal");
  });
});

test("[ORD3] every state can be reached, and from each an end can be", () => {
  const reach = (from: OrderStatus): Set<OrderStatus> => {
    const found = new Set([from]);
    for (const status of found) for (const cell of Object.values(ORDER_TABLE[status])) found.add(cell.to);
    return found;
  };
  expect(reach("PENDING_PAYMENT")).toEqual(new Set(ORDER_STATUSES));
  for (const status of ORDER_STATUSES) {
    expect([...reach(status)].some((each) => Object.keys(ORDER_TABLE[each]).length === 0)).toBe(true);
  }
});

test.for([
  ["DLV1", "PENDING", "pick-up", "illegal"],
  ["DLV1", "DELIVERY_FINISHED", "accept", "illegal"],
  ["DLV2", "ARRIVED_AT_MERCHANT", "arrive-at-merchant", "repeat"],
  ["DLV2", "DELIVERY_FINISHED", "hand-over", "repeat"],
  ["DLV3", "ARRIVED_AT_MERCHANT", "unassign", "move"],
  ["DLV3", "ORDER_PICKED", "unassign", "illegal"],
  ["DLV6", "ORDER_PICKED", "cancel", "move"],
  ["DLV6", "RETURNING_TO_MERCHANT", "cancel", "move"],
] as const)("[%s] %s + %s: %s", ([, from, action, outcome]) => {
  expect(deliveryStep(from, action).outcome).toBe(outcome);
});

test("[DLV1] a delivery moves only along its table", () => {
  for (const from of DELIVERY_STATUSES) {
    for (const action of DELIVERY_ACTIONS) {
      const row: Partial<Record<DeliveryAction, string>> = DELIVERY_TABLE[from];
      const step = deliveryStep(from, action);
      expect(step.outcome === "move" ? step.to : undefined).toBe(row[action]);
    }
  }
});
