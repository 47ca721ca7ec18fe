import { z } from "zod";

import type { Problem } from "./errors.ts";
import { marketId, orderId, uuid, zoneId } from "./ids.ts";

/** Order, restaurant and courier each have a stream of events with a gapless `seq` from 1. */
export const STREAM_KINDS = ["courier", "order", "restaurant"] as const;
export const streamRef = z.object({ marketId, kind: z.enum(STREAM_KINDS), id: uuid });
export type StreamRef = z.output<typeof streamRef>;
export type StreamKind = StreamRef["kind"];

/** One name for a stream, in maps, rooms and heads. */
export function streamKey(ref: StreamRef): string {
  return `${ref.marketId}/${ref.kind}/${ref.id}`;
}

export const streamPosition = z.object({ epoch: z.string().max(80), seq: z.int().nonnegative() });
export type StreamPosition = z.output<typeof streamPosition>;

/** An event as the store holds it, before it is projected for a viewer. */
export interface StoredEvent {
  readonly marketId: string;
  readonly id: string;
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly actorRole: string;
  readonly actorId: string | null;
  readonly atMs: number;
  readonly orderId: string | null;
  readonly orderSeq: number | null;
  readonly restaurantId: string | null;
  readonly restaurantSeq: number | null;
  readonly courierId: string | null;
  readonly courierSeq: number | null;
}

/** The event's place in a stream, or undefined when it does not stand in it. */
export function seqIn(event: StoredEvent, ref: StreamRef): number | undefined {
  const owner = { order: event.orderId, restaurant: event.restaurantId, courier: event.courierId }[ref.kind];
  const seq = { order: event.orderSeq, restaurant: event.restaurantSeq, courier: event.courierSeq }[ref.kind];
  return owner === ref.id && seq !== null ? seq : undefined;
}

/** An event as one viewer gets it: projected for the role, perhaps with an empty payload, never skipped. */
export const seenEvent = z.object({
  id: uuid,
  seq: z.int().positive(),
  type: z.string(),
  atMs: z.int(),
  orderId: orderId.nullable(),
  payload: z.record(z.string(), z.unknown()),
});
export type SeenEvent = z.output<typeof seenEvent>;

/** The answer to a watch: a snapshot at `seq`, or the events after `since`; after that, live. Never a part of it. */
export type WatchAnswer =
  | { readonly epoch: string; readonly seq: number; readonly snapshot: unknown }
  | { readonly epoch: string; readonly seq: number; readonly fromSeq: number; readonly events: readonly SeenEvent[] };

export type Ack<T> = { readonly ok: true; readonly data: T } | { readonly ok: false; readonly problem: Problem };

/** Hub to client, every namespace. `stream` is {@link streamKey}. */
export interface StreamFrames {
  "stream:event": { readonly stream: string; readonly epoch: string; readonly event: SeenEvent };
  /** Where each watched stream stands, every 10-15 s: a lost last event shows no gap. */
  "stream:heads": { readonly epoch: string; readonly heads: Readonly<Record<string, number>> };
  /** The right has ended at `seq`; nothing follows. */
  "stream:closed": { readonly stream: string; readonly seq: number; readonly problem: Problem };
  /** Positions are apart: newest wins, dropped first. */
  position: PositionFrame;
  "zone:frame": PackedZoneFrame;
  /** Renew the token in band (`session:renew`) before this wall time, epoch ms. */
  "session:expiring": { readonly expiresAtMs: number };
}

/** Wall ms for which a courier's hub gathers positions before it tells them: of each courier the newest goes. */
export const POSITION_GATHER_MS = 250;
/** Wall ms for which the zones' hubs gather what comes from all of those, for operators' frames. */
export const ZONE_GATHER_MS = 750;
/** The tick, wall ms: from a hub's first word of a position to the screen, at most, when nothing is late. */
export const POSITION_TICK_MS = POSITION_GATHER_MS + ZONE_GATHER_MS;

/** Where a courier is, and for which order and assignment that is meant. Hubs tell it each other: its shape is looked at, its ids are not again. */
export const position = z.object({
  marketId: z.string(),
  courierId: z.string(),
  lat: z.number(),
  lng: z.number(),
  speedMps: z.number().nullable(),
  headingDeg: z.number().nullable(),
  takenAtMs: z.int(),
  zone: z.string(),
  carrying: z.array(z.object({ orderId: z.string(), deliveryId: z.string(), version: z.int() })),
});
export type Position = z.output<typeof position>;

export interface PositionFrame {
  readonly orderId: string;
  readonly lat: number;
  readonly lng: number;
  readonly speedMps: number | null;
  readonly headingDeg: number | null;
  readonly takenAtMs: number;
}

/** All couriers that moved in a zone in one tick. */
export interface ZoneFrame {
  readonly zone: string;
  readonly couriers: readonly {
    readonly courierId: string;
    readonly lat: number;
    readonly lng: number;
    readonly speedMps: number | null;
    readonly headingDeg: number | null;
    readonly takenAtMs: number;
  }[];
}

/** A {@link ZoneFrame} as it travels; places in millionths of a degree. */
export interface PackedZoneFrame {
  readonly zone: string;
  readonly lat: number;
  readonly lng: number;
  /** The newest of the positions. */
  readonly atMs: number;
  readonly couriers: readonly (readonly [
    courierId: string,
    /** Added to the frame's own place. */
    north: number,
    east: number,
    /** Tenths of a metre a second. */
    speedDmps: number | null,
    headingDeg: number | null,
    /** Before the frame's own time. */
    agoMs: number,
  ])[];
}

/** Client to hub, beside the catalogue's commands; each is acknowledged with an {@link Ack}. */
export const streamCommands = {
  "stream:watch": z.object({ stream: streamRef, since: streamPosition.optional() }),
  "stream:unwatch": z.object({ stream: streamRef }),
  "session:renew": z.object({ accessToken: z.string().max(4000) }),
  /** Operators: from now on these zones, and no others. */
  "zones:watch": z.object({ marketId, zones: z.array(zoneId).max(500) }),
} as const;
