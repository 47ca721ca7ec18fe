import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, describe, expect, test } from "vitest";

import type { StoredEvent, StreamRef } from "#shared/contracts/streams.ts";
import { projectEvent } from "#shared/domain/rights/projection.ts";

import type { WatchedStream } from "./checker.ts";
import { logLinesOf, writeEvidence } from "./log-lines.ts";
import { runVerdict } from "./verdict.ts";

const folder = mkdtempSync(join(tmpdir(), "tiffin-verdict-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const uuid = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const stream: StreamRef = { marketId: "grid", kind: "order", id: uuid(1) };
const viewer = { as: "customer", personId: uuid(2) } as const;
const stored: StoredEvent[] = [1, 2, 3].map((seq) => ({
  marketId: "grid",
  id: uuid(10 + seq),
  type: "order.changed",
  payload: { order: { id: stream.id, status: "READY" } },
  actorRole: "kitchen",
  actorId: null,
  atMs: seq,
  orderId: stream.id,
  orderSeq: seq,
  restaurantId: null,
  restaurantSeq: null,
  courierId: null,
  courierSeq: null,
}));
const given = stored.flatMap((row) => projectEvent(viewer, stream, row) ?? []);
const watched = (events: WatchedStream["events"]): WatchedStream => ({
  viewer,
  stream,
  epoch: "1",
  snapshotSeq: 0,
  events,
});

let files = 0;
function fileOf(text: string): string {
  files += 1;
  const path = join(folder, `${files}.ndjson`);
  writeFileSync(path, text);
  return path;
}
const logOf = (...watches: WatchedStream[]) => fileOf([...logLinesOf({ watches, rights: [] })].join(""));
const EVENTS = fileOf(stored.map((row) => JSON.stringify(row)).join("\n"));

async function run(...argv: string[]) {
  const said: string[] = [];
  const code = await runVerdict(argv, (text) => void said.push(text));
  return { code, said: said.join("\n") };
}

describe("[CHK11] logs and the event table give the verdict", () => {
  test("clean: 0", async () => {
    const json = join(folder, "clean.json");
    const { code } = await run("--logs", logOf(watched(given)), "--events", EVENTS, "--json", json);
    expect(code).toBe(0);
    expect(JSON.parse(readFileSync(json, "utf8"))).toMatchObject({ lost: 0, doubled: 0, owed: 3, faults: [] });
  });

  test("what a run leaves behind is read again", async () => {
    writeEvidence(folder, { watches: [watched(given)], stored, rights: [] });
    const [log, events] = ["watchers", "events"].map((name) => join(folder, `${name}.ndjson`)) as [string, string];
    expect(await run("--logs", log, "--events", events)).toMatchObject({ code: 0 });
  });

  test("not clean: 1, with the first offending entries", async () => {
    const { code, said } = await run("--logs", logOf(watched(given.slice(0, 2))), "--events", EVENTS);
    expect(code).toBe(1);
    expect(said).toMatch(/lost +1/u);
    expect(said).toContain("seq 3 (order.changed)");
  });

  test("several files, each with its own numbers: two screens of one person are both owed everything", async () => {
    const [desk, phone] = [
      { ...watched(given), device: "desk" },
      { ...watched(given.slice(1)), device: "phone" },
    ];
    const { code, said } = await run("--logs", logOf(desk), logOf(phone), "--events", EVENTS);
    expect(code).toBe(1);
    expect(said).toContain(`at phone of grid/order/${stream.id} seq 1`);
  });

  const event = JSON.stringify({ kind: "event", watch: 5, event: given[0] });
  const snapshot = JSON.stringify({ kind: "snapshot", watch: 0, viewer, stream, epoch: "1", seq: 0 });
  test.each([
    ["no JSON", `${snapshot}\n{"kind":`, "line 2: this is no JSON"],
    ["a kind that is none", `{"kind":"seen"}`, "line 1: "],
    ["an event before its snapshot", `${snapshot}\n\n${event}`, "line 3: watch 5 has no snapshot"],
    ["a log without a watch", "\n", "no watch is in"],
  ])("wrong input, %s: 2, and where", async (_, text, where) => {
    const { code, said } = await run("--logs", fileOf(text), "--events", EVENTS);
    expect(code).toBe(2);
    expect(said).toContain(where);
  });

  test("wrong events and wrong arguments: 2", async () => {
    const log = logOf(watched(given));
    expect(await run("--logs", log, "--events", fileOf(`{"id":1}`))).toMatchObject({
      code: 2,
      said: expect.stringContaining("line 1"),
    });
    expect(await run("--logs", log, "--events", join(folder, "absent"))).toMatchObject({ code: 2 });
    expect(await run("--logs", log)).toMatchObject({ code: 2, said: expect.stringContaining("usage") });
  });
});
