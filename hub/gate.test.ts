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
