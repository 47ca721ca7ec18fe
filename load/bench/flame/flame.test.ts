import { expect, test } from "vitest";

import { drawFlame } from "./draw.ts";
import { sharesOf, stacksOf } from "./fold.ts";
import { newestOf } from "./symbols.ts";

const NODE = "(/opt/node/bin/node)";
const SCRIPT = [
  "MainThread  10/10  ",
  "\tffffffff81000001 tcp_sendmsg ([kernel.kallsyms])",
  "\t         5f7c13 uv__write (/opt/node/bin/node)",
  "\t    7f7852010001 JS:*write file:///srv/tiffin/hub/sockets/frame-train.ts:12:3 (/tmp/perf-10.map)",
  "\t         163221c Builtins_JSEntryTrampoline (/opt/node/bin/node)",
  "",
  ...["first", "second"].flatMap((again) => [
    `${again}  10/10  `,
    `\t         163221c Builtins_MapPrototypeGet ${NODE}`,
    "\t    7f7852010002 JS:~get status /srv/tiffin/node_modules/ioredis/built/Redis.js:7:1 (/tmp/perf-10.map)",
    "\t    7f7852010001 JS:^look file:///srv/tiffin/hub/realtime/head-follower.ts:52:5 (/tmp/perf-10.map)",
    `\t          4d1215 node::Start ${NODE}`,
    "",
  ]),
  "V8Worker  10/12  ",
  `\t          a23c9f v8::internal::ScavengerCollector::JobTask::Run ${NODE}`,
  `\t          a23c9f node::(anonymous namespace)::PlatformWorkerThread ${NODE}`,
  "",
].join("\n");

test("samples of perf become stacks with the outermost function first, the same ones together", () => {
  const stacks = stacksOf(SCRIPT);
  expect(stacks.map(({ frames, looks }) => [frames.map(({ name }) => name), looks])).toEqual([
    [["write hub/sockets/frame-train.ts:12", "uv__write", "tcp_sendmsg"], 1],
    [["look hub/realtime/head-follower.ts:52", "get status ioredis/built/Redis.js:7", "Builtins_MapPrototypeGet"], 2],
    [["node::(anonymous namespace)::PlatformWorkerThread", "v8::internal::ScavengerCollector::JobTask::Run"], 1],
  ]);
});

test("each look counts for whoever it is spent on: V8's own work for the script that asks for it", () => {
  expect(sharesOf(stacksOf(SCRIPT))).toEqual({
    looks: 4,
    ours: 0,
    library: 0.5,
    node: 0,
    garbage: 0.25,
    compiling: 0,
    kernel: 0.25,
  });
  expect(sharesOf([])).toMatchObject({ looks: 0, ours: 0 });
});

test("an address has the name that was written for it last", () => {
  expect(newestOf("1000 100 old\n2000 10 other\n1080 40 new\nno line\n")).toBe("1080 40 new\n2000 10 other\n");
  expect(newestOf("1000 10 one\n1010 10 two\n")).toBe("1000 10 one\n1010 10 two\n");
});

test("a flame graph has a box for each function, as wide as its share, and no name that is markup", () => {
  const frame = { name: "<top> & more", kind: "ours" as const, isScript: true };
  const svg = drawFlame(
    [
      { frames: [frame], looks: 3 },
      { frames: [], looks: 1 },
    ],
    "a & b",
  );
  expect(svg).toContain("&lt;top> &amp; more: 75.0 %");
  expect(svg).toContain('width="900.0"');
  expect(svg).not.toContain("<top>");
});
