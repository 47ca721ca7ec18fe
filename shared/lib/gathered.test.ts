import { expect, test } from "vitest";

import { gathered } from "./gathered.ts";

/** An asking that ends when it is told to. */
function slow() {
  const asked: (readonly number[])[] = [];
  const ends: ((error?: Error) => void)[] = [];
  const ask = (keys: readonly number[]) =>
    new Promise<number[]>((done, failed) => {
      asked.push(keys);
      ends.push((error) => (error ? failed(error) : done(keys.map((key) => key * 10))));
    });
  return { asked, ends, ask };
}

const settled = () => new Promise<void>((done) => void setImmediate(done));

test("[RTM36] who asks alone is asked for at once; those who ask meanwhile are asked for together", async () => {
  const { asked, ends, ask } = slow();
  const get = gathered(ask, { atOnce: 1, most: 3 });
  const first = get(1);
  await settled();
  const answers = Promise.all([first, ...[2, 3, 4, 5].map((key) => get(key))]);
  expect(asked).toEqual([[1]]);
  ends[0]?.();
  await settled();
  expect(asked).toEqual([[1], [2, 3, 4]]);
  ends[1]?.();
  await settled();
  ends[2]?.();
  expect(await answers).toEqual([10, 20, 30, 40, 50]);
  expect(asked.length).toBe(3);
});

test("[RTM36] those who ask in one turn are asked for together, though nothing is under way", async () => {
  const { asked, ends, ask } = slow();
  const get = gathered(ask);
  const answers = Promise.all([1, 2, 3].map((key) => get(key)));
  await settled();
  expect(asked).toEqual([[1, 2, 3]]);
  ends[0]?.();
  expect(await answers).toEqual([10, 20, 30]);
});

test("[RTM36] a failure is that of those who were asked for together, and of no others", async () => {
  const { ends, ask } = slow();
  const get = gathered(ask, { atOnce: 1 });
  const first = get(1);
  await settled();
  const outcomes = Promise.allSettled([first, get(2), get(3)]);
  ends[0]?.();
  await settled();
  ends[1]?.(new Error("the store is away"));
  expect((await outcomes).map(({ status }) => status)).toEqual(["fulfilled", "rejected", "rejected"]);
  const later = get(4);
  await settled();
  ends[2]?.();
  expect(await later).toBe(40);
});

test("[RTM36] an answer too few is a failure, not somebody else's", async () => {
  const get = gathered(async (keys: readonly number[]) => keys.slice(1));
  await expect(get(1)).rejects.toThrow("answered");
});
