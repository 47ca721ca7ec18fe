import { expect, test } from "vitest";

import { makeGate } from "./gate.ts";

/** Tasks that end when they are told to. */
function held() {
  const ends: (() => void)[] = [];
  const task = () => new Promise<string>((done) => ends.push(() => done("done")));
  return { task, ends };
}

test("[LOD1] what is beyond the limit is refused at once and never begun; what is under way goes before what is new", async () => {
  const gate = makeGate(4);
  const { task, ends } = held();
  const queries = [gate.run("asks", task), gate.run("asks", task), gate.run("asks", task)];
  await expect(gate.run("asks", task)).rejects.toMatchObject({ code: "hub.overloaded" });
  const command = gate.run("moves", task);
  await expect(gate.run("moves", task)).rejects.toMatchObject({ code: "hub.overloaded" });
  expect(ends).toHaveLength(4);
  expect({ running: gate.running, refused: gate.refused }).toEqual({ running: 4, refused: 2 });
  for (const end of ends) end();
  expect(await Promise.all([...queries, command])).toEqual(["done", "done", "done", "done"]);
});

test("[LOD1] a task that fails leaves its place", async () => {
  const gate = makeGate(1);
  await expect(gate.run("moves", () => Promise.reject(new Error("wrong")))).rejects.toThrow("wrong");
  expect(await gate.run("moves", async () => "next")).toBe("next");
  expect(gate.running).toBe(0);
});

test("[RTM55] what is soon done waits for its turn, in order and behind what was begun; it is refused when too many wait", async () => {
  const gate = makeGate(2);
  const { task, ends } = held();
  const began: number[] = [];
  const command = gate.run("moves", task);
  const first = gate.run("asks", task);
  const waiting = Array.from({ length: 4 }, (_, nth) =>
    gate.inTurn(() => {
      began.push(nth);
      return task();
    }),
  );
  await expect(gate.inTurn(task)).rejects.toMatchObject({ code: "hub.overloaded" });
  await expect(gate.run("asks", task)).rejects.toMatchObject({ code: "hub.overloaded" });
  expect(began).toEqual([]);
  for (let at = 0; at < 6; at += 1) {
    ends[at]?.();
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await new Promise<void>((done) => void setImmediate(done));
    expect(gate.running).toBe(Math.min(2, 5 - at));
  }
  expect(began).toEqual(Array.from({ length: 4 }, (_, nth) => nth));
  expect(await Promise.all([command, first, ...waiting])).toEqual(Array.from({ length: 6 }, () => "done"));
});

test("[RTM55] a task that fails hands its place on", async () => {
  const gate = makeGate(1);
  const failing = gate.inTurn(() => Promise.reject(new Error("wrong")));
  const next = gate.inTurn(async () => "next");
  await expect(failing).rejects.toThrow("wrong");
  expect(await next).toBe("next");
  expect(gate.running).toBe(0);
});
