import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

import { expect, test } from "vitest";

import { FOLDERS } from "../../deploy/folders-of-code.ts";

const TOP = join(import.meta.dirname, "../..");
const RULE = /^- \*\*([A-Z]{3}\d+)\*\* (.+)$/gmu;
/** A title quotes one rule or several: "[ORD3] …", "[ORD3] [ORD4] …", "[ORD3, ORD5] …", "[ORD3-ORD5] …". */
const QUOTES = /\[([A-Z]{3}\d+(?:(?:-|, )(?:[A-Z]{3})?\d+)*)\]/gu;
const QUOTE = /([A-Z]{3})(\d+)(?:-(?:\1)?(\d+))?/gu;

function rulesOf(): Map<string, string> {
  const rules = new Map<string, string>();
  for (const name of readdirSync(import.meta.dirname).filter((each) => each.endsWith(".md"))) {
    const text = readFileSync(join(import.meta.dirname, name), "utf8");
    for (const [, rule = "", sentence = ""] of text.matchAll(RULE)) {
      expect(rules.has(rule), `${rule} is given twice`).toBe(false);
      expect(sentence.length, `${rule} says nothing`).toBeGreaterThan(10);
      rules.set(rule, name);
    }
  }
  return rules;
}

/** Rules that a text quotes, ranges spelled out. */
function quotesIn(text: string): string[] {
  return [...text.matchAll(QUOTES)]
    .flatMap(([, inside = ""]) => [...inside.matchAll(QUOTE)])
    .flatMap(([, topic = "", first = "", last = first]) =>
      Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => `${topic}${Number(first) + index}`),
    );
}

/** Rules that a table of cases names, for a title that begins with them: `["TRK1", …]` and "[%s] …". */
function quotesInTables(text: string): string[] {
  if (!/"\[%s\]|`\[\$\{/u.test(text)) return [];
  return [...text.matchAll(/"([A-Z]{3}\d+)"/gu)].map(([, rule = ""]) => rule);
}

function filesOf(): string[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(TOP, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /[.]tsx?$/u.test(name) && !/(^|[/\\])(dist|node_modules)[/\\]/u.test(name))
      .map((name) => join(TOP, folder, name)),
  );
}

const rules = rulesOf();
const files = filesOf().map((path) => ({ path, text: readFileSync(path, "utf8") }));
const isTest = (path: string): boolean => /[.]test[.]tsx?$/u.test(path);

test("every rule of the spec is quoted by a test", () => {
  const tested = new Set(
    files.filter(({ path }) => isTest(path)).flatMap(({ text }) => [...quotesIn(text), ...quotesInTables(text)]),
  );
  expect([...rules.keys()].filter((rule) => !tested.has(rule))).toEqual([]);
});

test("every rule that code or a test quotes is in the spec", () => {
  const topics = new Set([...rules.keys()].map((rule) => rule.slice(0, 3)));
  const unknown = files
    .filter(({ path }) => basename(path) !== "spec.test.ts")
    .flatMap(({ path, text }) =>
      quotesIn(text)
        // Other words in brackets look alike ("[UTF8]"): a topic must be ours, or stand at the head of a test's title.
        .filter((rule) => topics.has(rule.slice(0, 3)) || text.includes(`"[${rule}]`))
        .filter((rule) => !rules.has(rule))
        .map((rule) => `${rule} in ${path.slice(TOP.length + 1)}`),
    );
  expect(unknown).toEqual([]);
});

test("a quote names one rule or a range", () => {
  expect(quotesIn("[ORD3-ORD5] [PAY1] [RTM2-4, API7]")).toEqual([
    "ORD3",
    "ORD4",
    "ORD5",
    "PAY1",
    "RTM2",
    "RTM3",
    "RTM4",
    "API7",
  ]);
});
