import fc from "fast-check";
import { expect, test } from "vitest";

import { clientFrame, FrameReader, packetOf, PING, requestPacket, TEXT, WireError } from "./wire.ts";

/** A frame as a server sends it: the client's, without its mask. */
function serverFrame(opcode: number, payload: Buffer, last = true): Buffer {
  const masked = clientFrame(opcode, payload, Buffer.alloc(4));
  const head = masked.length - payload.length - 4;
  const frame = Buffer.concat([masked.subarray(0, head), payload]);
  frame[0] = (last ? 0x80 : 0) | opcode;
  frame[1] = (frame[1] ?? 0) & 0x7f;
  return frame;
}

function readAll(reader: FrameReader, chunks: readonly Buffer[]): [number, string][] {
  const got: [number, string][] = [];
  for (const chunk of chunks) reader.read(chunk, (opcode, payload) => got.push([opcode, payload.toString()]));
  return got;
}

test("[SWM1] frames come out whole and in order, however they were sliced", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ maxLength: 300 }), { minLength: 1, maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 60 }),
      (texts, slices) => {
        const bytes = Buffer.concat(texts.map((text) => serverFrame(TEXT, Buffer.from(text))));
        const chunks: Buffer[] = [];
        for (let at = 0, nth = 0; at < bytes.length; nth += 1) {
          const until = at + (slices[nth % slices.length] ?? 1);
          chunks.push(bytes.subarray(at, until));
          at = until;
        }
        expect(readAll(new FrameReader(1_000), chunks)).toEqual(texts.map((text) => [TEXT, text]));
      },
    ),
  );
});

test("[SWM1] lengths of two and of eight bytes, fragments, and a ping between them", () => {
  const [long, huge] = ["x".repeat(400), "y".repeat(70_000)];
  const frames = [
    serverFrame(TEXT, Buffer.from(long)),
    serverFrame(TEXT, Buffer.from(huge)),
    serverFrame(TEXT, Buffer.from("one "), false),
    serverFrame(PING, Buffer.from("?")),
    serverFrame(0, Buffer.from("two")),
  ];
  expect(readAll(new FrameReader(100_000), frames)).toEqual([
    [TEXT, long],
    [TEXT, huge],
    [PING, "?"],
    [TEXT, "one two"],
  ]);
});

test.each([
  ["compressed", Buffer.from([0xc1, 1, 65])],
  ["masked", Buffer.from([0x81, 0x81, 1, 2, 3, 4, 65])],
  ["too long", Buffer.from([0x81, 126, 0xff, 0xff])],
])("[SWM1] a frame that is %s is refused", (_, bytes) => {
  expect(() => new FrameReader(1_000).read(bytes, () => {})).toThrow(WireError);
});

test("[SWM1] a client's frame is masked with its mask", () => {
  const frame = clientFrame(TEXT, Buffer.from("Hi"), Buffer.from([1, 2, 3, 4]));
  expect([...frame]).toEqual([0x81, 0x82, 1, 2, 3, 4, 0x48 ^ 1, 0x69 ^ 2]);
});

test.each([
  ['0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000}', { kind: "opened", silentMs: 45_000 }],
  ["2", { kind: "ping" }],
  ['40/customer,{"sid":"b"}', { kind: "entered" }],
  ["41/customer,", { kind: "ended" }],
  ["1", { kind: "ended" }],
  ["6", { kind: "other" }],
  ['42/ops,["position",{"lat":1}]', { kind: "event", name: "position", payload: { lat: 1 } }],
  ['42["position",{"text":"a,[b]"}]', { kind: "event", name: "position", payload: { text: "a,[b]" } }],
  ['43/ops,17[{"ok":true}]', { kind: "answer", id: 17, payload: { ok: true } }],
  ['44/ops,{"message":"no","data":{"code":"right.missing"}}', { kind: "refused", problem: { code: "right.missing" } }],
])("[SWM1] the packet %s is read", (text, packet) => {
  expect(packetOf(text)).toEqual(packet);
});

test.each(["42/ops,{}", "43/ops,1", "42/ops,[", "0", "0{}"])("[SWM1] %s is no packet", (text) => {
  expect(() => packetOf(text)).toThrow(WireError);
});

test("[SWM1] a request names its namespace and its answer", () => {
  expect(requestPacket("customer", 3, "stream:watch", { a: 1 })).toBe('42/customer,3["stream:watch",{"a":1}]');
});
