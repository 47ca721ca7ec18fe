import { expect, test } from "vitest";

import { makeKept } from "./kept.ts";

interface Thing {
  readonly name: string;
  readonly sizeBytes: number;
}

/** A store that answers when it is told to. */
function slowStore(maxBytes = 1_000, mayKeep?: (thing: Thing) => boolean) {
  const questions: { readonly ids: readonly string[]; answer(names: readonly string[]): void }[] = [];
  const time = { nowMs: 0 };
  const kept = makeKept<Thing>({
    nowMs: () => time.nowMs,
    maxBytes,
    keepMs: 1_000,
    ...(mayKeep ? { mayKeep } : {}),
    read: (_marketId, ids) =>
      new Promise((resolve) => {
        const answer = (names: readonly string[]) =>
          resolve(new Map(ids.flatMap((id, at) => (names[at] ? [[id, { name: names[at], sizeBytes: 100 }]] : []))));
        questions.push({ ids, answer });
      }),
  });
  const names = async (...ids: string[]) => [...(await kept.of("m", ids)).values()].map(({ name }) => name);
  return { kept, questions, names, time };
}

test("[BRW11] many who look at once make one question, and who comes later none", async () => {
  const { names, questions, time } = slowStore();
  const looks = Promise.all([names("a"), names("a", "b"), names("b")]);
  expect(questions.map(({ ids }) => ids)).toEqual([["a"], ["b"]]);
  questions[0]?.answer(["A"]);
  questions[1]?.answer(["B"]);
  expect(await looks).toEqual([["A"], ["A", "B"], ["B"]]);
  expect(await names("b", "a")).toEqual(["B", "A"]);
  expect(questions).toHaveLength(2);
  time.nowMs = 1_000;
  void names("a");
  expect(questions).toHaveLength(3);
});

test("[BRW12] what changes while it is read is not kept", async () => {
  const { kept, names, questions } = slowStore();
  const before = names("a");
  kept.forget("m", "a");
  const after = names("a");
  questions[1]?.answer(["new"]);
  questions[0]?.answer(["old"]);
  expect([await before, await after]).toEqual([["old"], ["new"]]);
  expect(await names("a")).toEqual(["new"]);
  kept.forgetAll();
  void names("a");
  expect(questions).toHaveLength(3);
});

test("[BRW11] no more is kept than there is room for, nothing that changes untold, nothing that is not there", async () => {
  const { names, questions } = slowStore(200, ({ name }) => name !== "counted");
  const look = names("a", "b", "c", "d", "e");
  questions[0]?.answer(["A", "counted", "", "D", "E"]);
  expect(await look).toEqual(["A", "counted", "D", "E"]);
  void names("a", "b", "c", "d", "e");
  expect(questions[1]?.ids).toEqual(["a", "b", "c"]);
});

test("[BRW12] a question that fails is asked again", async () => {
  let fails = true;
  const kept = makeKept<Thing>({
    nowMs: () => 0,
    maxBytes: 1_000,
    keepMs: 1_000,
    read: async (_marketId, ids) => {
      if (fails) throw new Error("the store is away");
      return new Map(ids.map((id) => [id, { name: id, sizeBytes: 1 }]));
    },
  });
  await expect(kept.of("m", ["a"])).rejects.toThrow("away");
  fails = false;
  expect((await kept.of("m", ["a"])).size).toBe(1);
});
