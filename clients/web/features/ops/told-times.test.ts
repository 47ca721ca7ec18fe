import { expect, test } from "vitest";

import { stageWords, undeliveredWords } from "./told-times.ts";
import { partsWords } from "./why-words.ts";

const stage = { promises: 1_234, maeS: 250, lateS: 130, coverage50Pct: 41.4, coverage90Pct: 83.6 };

test("[ETA43] the office reads how good the times were, in words", () => {
  expect(stageWords({ stage: "order", ...stage })).toBe(
    "With the order: 1,234 times told, 4.2 min off on the average, 2.2 min later than told on the whole; " +
      "41 of 100 came by the earlier time (50 would be right), 84 by the later one (90 would be).",
  );
  expect(stageWords({ ...stage, stage: "under-way", promises: 1, lateS: -90 })).toContain(
    "With the food on its way: 1 time told, 4.2 min off on the average, 1.5 min earlier than told",
  );
  expect(stageWords({ ...stage, stage: "waiting", lateS: 12 })).toContain("neither late nor early on the whole");
  expect(undeliveredWords({ orders: 0, late: 0 })).toBe("No paid order was cancelled meanwhile.");
  expect(undeliveredWords({ orders: 1, late: 0 })).toContain("1 paid order was cancelled meanwhile, none of them past");
  expect(undeliveredWords({ orders: 12, late: 3 })).toContain(
    "12 paid orders were cancelled meanwhile, 3 of them past",
  );
});

test("[DSP68] a cost is told with its parts, by what they are, the largest first", () => {
  const part = (name: "delay" | "late" | "travel" | "risk", minutes: number) => ({
    name,
    weight: null,
    ms: null,
    cost: minutes * 60_000_000,
  });
  expect(partsWords([part("travel", 0.4), part("delay", 3), part("late", 0.04), part("risk", -0.5)])).toBe(
    "food waits 3.0, risk −0.5, rides 0.4",
  );
  expect(partsWords([part("late", 2)])).toBe("past what is usual today 2.0");
  expect(partsWords([])).toBe("");
});
