import { expect, test } from "vitest";

import { faultOf, type Answered, type Truth } from "./verdict.ts";

const accepted: Truth = {
  courierId: "c",
  orderId: "o1",
  offer: "accepted",
  closings: 1,
  holderId: "c",
  givings: 1,
};
const declined: Truth = { ...accepted, offer: "declined", holderId: null, givings: 0 };
const accept = (over: Partial<Answered> = {}): Answered => ({
  who: "courier",
  what: "accept",
  refusedAs: undefined,
  inHand: ["o1"],
  ...over,
});
const lost = accept({ refusedAs: "offer.closed" });

test("[DSP36] a race with one winner, of which everybody was told, is right", () => {
  const stranger = accept({ who: "stranger", refusedAs: "offer.not-found" });
  const late: Answered = { who: "courier", what: "decline", refusedAs: "offer.closed" };
  expect(faultOf([accept(), accept(), stranger, late], accepted)).toBeUndefined();
  expect(faultOf([lost, { ...late, refusedAs: undefined }, stranger], declined)).toBeUndefined();
  const assigned: Answered = { who: "dispatcher", what: "assign", refusedAs: undefined };
  expect(faultOf([lost, assigned], { ...declined, offer: "withdrawn", holderId: "o", givings: 1 })).toBeUndefined();
});

const WRONG: readonly (readonly [string, readonly Answered[], Partial<Truth>])[] = [
  ["nobody won", [], { offer: "offered", holderId: null, givings: 0, closings: 0 }],
  ["two ends", [accept()], { closings: 2 }],
  ["given twice", [accept()], { givings: 2 }],
  ["accepted, held by another", [accept()], { holderId: "o" }],
  ["declined, and yet held", [], { offer: "declined" }],
  ["a winner was refused", [accept(), lost], {}],
  ["a loser was told that it is done", [accept()], { offer: "expired", holderId: null, givings: 0 }],
  ["told of too many in hand", [accept({ inHand: ["o1", "o1"] })], {}],
  ["refused in another way", [accept({ refusedAs: "right.missing" })], {}],
  ["a stranger took it", [accept({ who: "stranger" })], {}],
  ["declined after it was taken", [{ who: "courier", what: "decline", refusedAs: undefined }], {}],
  ["given away while it is held", [{ who: "dispatcher", what: "assign", refusedAs: undefined }], {}],
];

test.for(WRONG)("[DSP36] a race is wrong: %s", ([, answers, over]) => {
  expect(faultOf(answers, { ...accepted, ...over })).toBeTypeOf("string");
});
