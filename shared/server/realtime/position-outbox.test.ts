import { expect, test } from "vitest";

import type { Position } from "#shared/contracts/streams.ts";
import { FakeClock } from "#shared/testing/fake-clock.ts";

import { makePositionOutbox } from "./position-outbox.ts";

const positionOf = (courierId: string, takenAtMs: number): Position => ({
  marketId: "m",
  courierId,
  lat: 1,
  lng: 2,
  speedMps: 3,
  headingDeg: 4,
  takenAtMs,
  zone: "z",
  carrying: [],
});

test("[RTM46] what is gathered goes in one turn, of each courier the newest, and then the next", async () => {
  const clock = new FakeClock();
  const sent: string[] = [];
  const say = (how: string) => async (position: Position) =>
    void sent.push(`${how} ${position.courierId} ${position.takenAtMs}`);
  const outbox = makePositionOutbox({
    last: { keep: say("keep") },
    publisher: { publishPosition: say("publish") },
    clock,
    gatherMs: 60,
  });
  outbox.tell(positionOf("a", 1));
  outbox.tell(positionOf("b", 1));
  await clock.advance(59);
  outbox.tell(positionOf("a", 2));
  expect(sent).toEqual([]);
  await clock.advance(1);
  expect(sent).toEqual(["keep a 2", "publish a 2", "keep b 1", "publish b 1"]);
  await clock.advance(1_000);
  expect(sent.length).toBe(4);
  outbox.tell(positionOf("a", 3));
  await clock.advance(60);
  expect(sent.slice(4)).toEqual(["keep a 3", "publish a 3"]);
  // The hub is about to end.
  outbox.tell(positionOf("b", 4));
  outbox.flush();
  await clock.advance(1_000);
  expect(sent.slice(6)).toEqual(["keep b 4", "publish b 4"]);
});
