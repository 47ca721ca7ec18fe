import { expect, test } from "vitest";

import { FakeClock } from "#shared/testing/fake-clock.ts";

import { makeAlarms } from "./alarms.ts";
import { makePulse, PING_FRAME, PING_INTERVAL_MS, PING_TIMEOUT_MS, type RawConnection } from "./pulse.ts";

/** A connection that answers every ping, or none. */
function connectionThat(answers: boolean) {
  const pings: number[] = [];
  const connection = {
    readyState: "open",
    pingIntervalTimer: undefined as unknown,
    closed: 0,
    transport: {
      socket: {
        readyState: 1,
        _socket: {
          write(bytes: Buffer) {
            expect(bytes).toBe(PING_FRAME);
            pings.push(clock.nowMs());
            // Cast: what Engine.IO does with a pong.
            if (answers) (connection.pingIntervalTimer as { refresh(): void }).refresh();
          },
        },
      },
    },
    close() {
      connection.closed += 1;
      pulse.remove(connection);
    },
  };
  return Object.assign(connection satisfies RawConnection, { pings });
}

const clock = new FakeClock();
let draw = 0;
const pulse = makePulse(clock, () => (draw = (draw + 0.17) % 1));

test("[RTM34] each connection is pinged once an interval, those that came together at different moments", async () => {
  const all = Array.from({ length: 5 }, () => connectionThat(true));
  for (const one of all) pulse.add(one);
  await clock.advance(3 * PING_INTERVAL_MS);
  for (const { pings, closed } of all) {
    expect(pings.length).toBe(3);
    expect((pings[2] ?? 0) - (pings[1] ?? 0)).toBe(PING_INTERVAL_MS);
    expect(closed).toBe(0);
  }
  expect(new Set(all.map(({ pings }) => pings[0])).size).toBe(5);
});

test("[RTM34] a dead peer is let go within a minute, and not pinged again", async () => {
  const dead = connectionThat(false);
  pulse.add(dead);
  await clock.advance(PING_INTERVAL_MS + PING_TIMEOUT_MS);
  expect(dead).toMatchObject({ closed: 1 });
  await clock.advance(2 * PING_INTERVAL_MS);
  expect(dead.pings.length).toBe(1);
  expect(PING_INTERVAL_MS + PING_TIMEOUT_MS).toBeLessThan(60_000);
});

test("[RTM34] a pong that has come and is read late, by a hub that was busy, is a sign of life", async () => {
  const peer = connectionThat(false);
  pulse.add(peer);
  await clock.advance(PING_INTERVAL_MS);
  const [pingedAtMs = 0] = peer.pings;
  await clock.advance(Math.max(0, pingedAtMs + PING_TIMEOUT_MS - clock.nowMs() - 1));
  expect(peer.closed).toBe(0);
  // Read in the moment in which it is looked for, after the timers that were due. Cast: what Engine.IO does with a pong.
  clock.after(1, () => (peer.pingIntervalTimer as { refresh(): void }).refresh());
  await clock.advance(1);
  const closed = peer.closed;
  pulse.remove(peer);
  expect(closed).toBe(0);
});

test("[RTM34] a hub whose timers come late pings each in its time, and gives each its time to answer", async () => {
  let lateMs = 400;
  const busy = makePulse(
    { nowMs: () => clock.nowMs(), rate: 1, after: (delayMs, task) => clock.after(delayMs + lateMs, task) },
    () => (draw = (draw + 0.17) % 1),
  );
  const all = Array.from({ length: 6 }, () => connectionThat(true));
  for (const one of all) busy.add(one);
  await clock.advance(10 * PING_INTERVAL_MS);
  for (const { pings } of all) {
    const gaps = pings.slice(1).map((atMs, index) => atMs - (pings[index] ?? 0));
    expect(Math.max(...gaps)).toBeLessThan(PING_INTERVAL_MS + 1_000);
    expect(pings.length).toBeGreaterThanOrEqual(9);
  }
  // It stood still for so long that many are due at once: they are asked now, and none of them is late yet.
  lateMs = 20_000;
  await clock.advance(1_500);
  lateMs = 0;
  const silent = Array.from({ length: 20 }, () => connectionThat(false));
  for (const one of silent) busy.add(one);
  await clock.advance(20_000);
  const asked = silent.filter(({ pings }) => pings.length > 0);
  expect(asked.length).toBeGreaterThan(3);
  for (const { closed } of asked) expect(closed).toBe(0);
  busy.stop();
});

test("alarms ring once, within a second, and not when they were taken back", async () => {
  const alarms = makeAlarms(clock);
  const rung: string[] = [];
  const startMs = clock.nowMs();
  const sleeper = (name: string) => ({ ring: () => void rung.push(`${name} ${clock.nowMs() - startMs}`) });
  const [early, late, never] = [sleeper("early"), sleeper("late"), sleeper("never")];
  alarms.at(startMs + 1_500, early);
  alarms.at(startMs - 5, sleeper("over"));
  alarms.at(startMs + 90_000, late);
  alarms.cancel(alarms.at(startMs + 4_000, never), never);
  await clock.advance(100_000);
  expect(rung).toEqual(["over 1000", "early 2000", "late 90000"]);
  alarms.stop();
});
