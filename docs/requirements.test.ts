import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

const DOCS = import.meta.dirname;
const OUTCOMES = ["kept", "replaced", "part kept, rest planned", "planned"];

/** Where a line stands: "2.4 Cache Layer" for what is under `#### Cache Layer` of chapter 2.4. */
function headingAfter(line: string, before: { readonly chapter: string; readonly heading: string }) {
  const [, marks, title = ""] = /^(#{2,4}) (.+)$/u.exec(line) ?? [];
  if (marks === undefined) return before;
  if (marks === "##") return { chapter: "", heading: "" };
  if (marks === "###") return { chapter: title, heading: title };
  return { chapter: before.chapter, heading: `${before.chapter.split(" ")[0]} ${title}` };
}

/** Each line that asks for something, as "heading: line"; a line under another one as "heading: other / line". */
function askedLines(text: string): string[] {
  const asked: string[] = [];
  let place = { chapter: "", heading: "" };
  let parent = "";
  for (const line of text.split("\n")) {
    place = headingAfter(line, place);
    const [, indent = "", item] = /^(?:( *)- )?(\S.*)$/u.exec(line) ?? [];
    const isAsked = line.trimStart().startsWith("- ") || (place.chapter !== "" && /^[A-Z]/u.test(line));
    if (item === undefined || !isAsked) continue;
    if (indent === "") parent = item.trim();
    asked.push(`${place.heading}: ${indent === "" ? parent : `${parent} / ${item.trim()}`}`);
  }
  return asked;
}

interface Row {
  readonly key: string;
  readonly outcome: string;
  readonly decision: string;
  readonly where: string;
  readonly proof: string;
}

function rowsOf(text: string): Row[] {
  let section = "";
  return text.split("\n").flatMap((line) => {
    section = /^## (.+)$/u.exec(line)?.[1] ?? section;
    const row = rowOf(section, line);
    return row === undefined ? [] : [row];
  });
}

/** A line of a table, but its head. */
function rowOf(section: string, line: string): Row | undefined {
  const found = /^\|(.*)\|(.*)\|(.*)\|(.*)\|(.*)\|$/u.exec(line)?.map((cell) => cell.trim());
  if (found === undefined) return undefined;
  const [, asked = "", outcome = "", decision = "", where = "", proof = ""] = found;
  return asked === "Asked" || /^-+$/u.test(asked)
    ? undefined
    : { key: `${section}: ${asked}`, outcome, decision, where, proof };
}

const asked = askedLines(readFileSync(join(DOCS, "requested-architecture.md"), "utf8"));
const rows = rowsOf(readFileSync(join(DOCS, "requirements.md"), "utf8"));
const rules = readdirSync(join(DOCS, "spec"))
  .filter((name) => name.endsWith(".md"))
  .map((name) => readFileSync(join(DOCS, "spec", name), "utf8"))
  .join("\n");
const decisions = new Set(readdirSync(join(DOCS, "adr")).map((name) => name.slice(0, 4)));

test("every line that was asked has one row, and every row a line", () => {
  expect(asked.length).toBeGreaterThan(100);
  expect(rows.map((row) => row.key)).toEqual(asked);
});

test("every row says what became of it, by which decision", () => {
  for (const { key, outcome, decision } of rows) {
    expect(OUTCOMES, key).toContain(outcome);
    const named = [...decision.matchAll(/ADR (\d{4})/gu)].map(([, number = ""]) => number);
    expect(named.length, key).toBeGreaterThan(0);
    for (const number of named) expect(decisions, `${key}: ADR ${number}`).toContain(number);
  }
});

test("what is built names a place that is there; what is not built in whole says so", () => {
  for (const { key, outcome, where } of rows) {
    const places = [...where.matchAll(/`([^`]+)`/gu)]
      .map(([, place = ""]) => place)
      .filter((place) => /^[a-z.][\w.-]*(\/|\.)/u.test(place));
    const files = places.filter((place) => /[/]|[.](ts|yml|md|example)$/u.test(place) && !/[=(]/u.test(place));
    expect(
      files.filter((place) => !existsSync(join(DOCS, "..", place))),
      key,
    ).toEqual([]);
    expect(outcome === "part kept, rest planned" ? where.includes("planned") : true, key).toBe(true);
    expect(outcome === "planned" || where.includes("`"), key).toBe(true);
  }
});

test("every proof is a rule of the spec, and what is planned claims none", () => {
  for (const { key, outcome, proof } of rows) {
    const named = proof.split(" ").filter((rule) => rule !== "");
    for (const rule of named) expect(rules, `${key}: ${rule}`).toContain(`- **${rule}** `);
    expect(outcome === "planned" ? named : [], key).toEqual([]);
  }
});
