import { expect, test } from "vitest";

import { FakeClock, settle } from "#shared/testing/fake-clock.ts";

import { CourierRooms } from "./courier-rooms.ts";

test("[RTM41] a courier's room that is needed again while its subscription was refused waits until it is made", async () => {
  const clock = new FakeClock();
  let refused = true;
  const asked: string[] = [];
  const couriers = new CourierRooms<string, { couriers: Set<string> }>({
    clock,
    bus: {
      join: async (room) => {
        asked.push(room);
        if (refused) throw new Error("Redis is away");
      },
      leave: () => {},
    },
  });
  const told: string[] = [];
  for (const order of ["one", "two"]) void couriers.carries("room", order).then(() => told.push(order));
  await settle();
  expect([asked, told]).toEqual([["room"], []]);
  refused = false;
  await clock.advance(1_000);
  expect([asked, told]).toEqual([
    ["room", "room"],
    ["one", "two"],
  ]);
  expect([...couriers.ordersOf("room")]).toEqual(["one", "two"]);
});

test("[RTM41] a room that nobody needs any more is not asked for again, and is left", async () => {
  const clock = new FakeClock();
  const [asked, left]: [string[], string[]] = [[], []];
  const couriers = new CourierRooms<string, { couriers: Set<string> }>({
    clock,
    bus: {
      join: async (room) => {
        asked.push(room);
        throw new Error("Redis is away");
      },
      leave: (room) => void left.push(room),
    },
  });
  void couriers.carries("room", "one");
  await settle();
  couriers.carriesNoMore("room", "one");
  await clock.advance(10_000);
  expect([asked, left]).toEqual([["room"], ["room"]]);
});
