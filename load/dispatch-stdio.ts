import { appendFileSync } from "node:fs";
import { createInterface } from "node:readline";

import { DEFAULT_SETTINGS, type RoundSettings } from "#shared/domain/dispatch/round.ts";

import type { Instruction } from "./replay/day.ts";
import { packProjection, planeTravel } from "./replay/instance.ts";
import { daySettings, makePolicy, type MinutePolicy } from "./replay/policy.ts";

/** The judge's words for places and restaurants. */
interface Placed {
  readonly id: string;
  readonly restaurant: string;
  readonly x: number;
  readonly y: number;
  readonly placedMin: number;
  readonly readyMin?: number;
}
interface InstanceMessage {
  readonly type: "instance";
  readonly name: string;
  readonly metersPerMinute: number;
  readonly pickupServiceMin: number;
  readonly dropoffServiceMin: number;
  readonly restaurants: readonly { id: string; x: number; y: number; meanPrepMin?: number }[];
  readonly couriers: readonly { id: string; x: number; y: number; onMin: number; offMin: number }[];
}
interface MinuteMessage {
  readonly type: "minute";
  readonly tMin: number;
  readonly placed: readonly Placed[];
  readonly ready: readonly string[];
  readonly returned: readonly string[];
}
type Message = InstanceMessage | MinuteMessage | { readonly type: "end" };

const { toPoint } = packProjection();
const onTheGlobe = <T extends { readonly x: number; readonly y: number }>({ x, y, ...rest }: T) => ({
  ...rest,
  ...toPoint({ xM: x, yM: y }),
});

function policyFor(message: InstanceMessage): MinutePolicy {
  const day = {
    ...message,
    router: planeTravel(message.metersPerMinute).router,
    restaurants: message.restaurants.map(onTheGlobe),
    couriers: message.couriers.map(onTheGlobe),
  };
  return makePolicy(day, { ...daySettings(day), ...overrides() });
}

/** Settings to try, as JSON in DISPATCH_SETTINGS: for measuring weights without an edit. */
function overrides(): Partial<RoundSettings> {
  const text = process.env["DISPATCH_SETTINGS"];
  if (!text) return {};
  // Cast: a developer's own words; a wrong key changes nothing.
  const given = JSON.parse(text) as Partial<RoundSettings>;
  return { ...given, weights: { ...DEFAULT_SETTINGS.weights, ...given.weights } };
}

/** Where each day's instructions are written down, when it ends: one line a day. For who reckons ways and earnings from them. */
const toldFile = process.env["DISPATCH_TOLD"];
let playing: { readonly name: string; readonly policy: MinutePolicy; readonly instructions: Instruction[] } | undefined;

function writeDown(): void {
  if (!playing || !toldFile) return;
  appendFileSync(toldFile, `${JSON.stringify({ name: playing.name, instructions: playing.instructions })}\n`);
}

for await (const line of createInterface({ input: process.stdin })) {
  // Cast: the judge's protocol stands at the top of its file; it is a peer on this machine, not a stranger.
  const message = JSON.parse(line) as Message;
  if (message.type === "minute") {
    const placed = message.placed.map(({ restaurant, ...each }) => ({ ...onTheGlobe(each), restaurantId: restaurant }));
    const instructions = playing?.policy.minute({ ...message, placed }) ?? [];
    process.stdout.write(`${JSON.stringify({ instructions })}\n`);
    playing?.instructions.push(...instructions);
    continue;
  }
  writeDown();
  playing =
    message.type === "instance" ? { name: message.name, policy: policyFor(message), instructions: [] } : undefined;
}
