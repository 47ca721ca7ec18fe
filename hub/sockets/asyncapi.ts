import { z } from "zod";

import { CATALOGUE } from "#shared/contracts/catalogue/catalogue.ts";
import type { Namespace } from "#shared/contracts/catalogue/command.ts";
import { commandId } from "#shared/contracts/ids.ts";
import { position, seenEvent, streamCommands } from "#shared/contracts/streams.ts";

import { commandsOf } from "./commands.ts";

type Json = Readonly<Record<string, unknown>>;

const NAMESPACES: readonly Namespace[] = ["customer", "kitchen", "courier", "ops"];

const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
});
const place = position.pick({ lat: true, lng: true, speedMps: true, headingDeg: true, takenAtMs: true });

/** What the hub sends: the shapes of `StreamFrames`. */
const FRAMES: Readonly<Record<string, { readonly summary: string; readonly payload: z.ZodType }>> = {
  "stream:event": {
    summary: "The next event of a watched stream, as this viewer sees it.",
    payload: z.object({ stream: z.string(), epoch: z.string(), event: seenEvent }),
  },
  "stream:heads": {
    summary: "Where each watched stream stands, every 10-15 s; while none has moved for a while, every sixteenth time.",
    payload: z.object({ epoch: z.string(), heads: z.record(z.string(), z.int()) }),
  },
  "stream:closed": {
    summary: "The right to a stream has ended; nothing follows.",
    payload: z.object({ stream: z.string(), seq: z.int(), problem }),
  },
  position: {
    summary: "Where the courier is who carries a watched order. Newest wins; some are dropped.",
    payload: place.extend({ orderId: z.uuid() }),
  },
  "zone:frame": {
    summary: "All couriers that moved in a watched zone in one tick (operators).",
    payload: z.object({
      zone: z.string(),
      lat: z.int().describe("Millionths of a degree."),
      lng: z.int().describe("Millionths of a degree."),
      atMs: z.int().describe("Of the newest position, epoch ms."),
      couriers: z
        .array(z.tuple([z.uuid(), z.int(), z.int(), z.int().nullable(), z.int().nullable(), z.int()]))
        .describe(
          "Courier, degrees north and east of the frame's place (millionths), dm/s, heading, ms before `atMs`.",
        ),
    }),
  },
  "session:expiring": {
    summary: "Renew the token in band before this wall time.",
    payload: z.object({ expiresAtMs: z.int() }),
  },
};

const STREAM_SUMMARIES: Readonly<Record<keyof typeof streamCommands, string>> = {
  "stream:watch": "Follow a stream: answered with a snapshot or with what came after `since`, then live.",
  "stream:unwatch": "Follow it no more.",
  "session:renew": "Hand in a fresh access token without a new connection.",
  "zones:watch": "From now on these zones and no others (operators).",
};

/**
 * The AsyncAPI 3.0 document of the hub's sockets, from the catalogue and the stream contract. [RTM29]
 *
 * @param version of the project, as it stands in package.json
 */
export function asyncApiOf(version: string): Json {
  return {
    asyncapi: "3.0.0",
    info: {
      title: "Tiffin, live",
      version,
      description:
        "Socket.IO 5 over WebSocket. Each namespace is a channel; the handshake carries `auth: {token}`. A message's name is " +
        "the event's name; every request is acknowledged with `{ok: true, data}` or `{ok: false, problem}`.",
    },
    channels: Object.fromEntries(NAMESPACES.map((name) => [name, channelOf(name)])),
    operations: Object.assign({}, ...NAMESPACES.map(operationsOf)),
  };
}

function channelOf(name: Namespace): Json {
  const frames = Object.entries(FRAMES).filter(([event]) => name === "ops" || event !== "zone:frame");
  const messages = [
    ...frames.map(([event, { summary, payload }]) => message(event, summary, payload, "output")),
    ...requestsOf(name).map((request) => message(request.event, request.summary, request.payload, "input")),
  ];
  return { address: `/${name}`, messages: Object.fromEntries(messages.map((one) => [idOf(one.name), one])) };
}

function operationsOf(name: Namespace): Json {
  const requests = requestsOf(name).map(({ event, summary, answer }) => [
    `${name}.${idOf(event)}`,
    {
      action: "receive",
      summary,
      channel: { $ref: `#/channels/${name}` },
      messages: [{ $ref: `#/channels/${name}/messages/${idOf(event)}` }],
      ...(answer ? { "x-ack": ackOf(answer) } : {}),
    },
  ]);
  const frames = Object.keys(FRAMES)
    .filter((event) => name === "ops" || event !== "zone:frame")
    .map((event) => [
      `${name}.${idOf(event)}`,
      {
        action: "send",
        channel: { $ref: `#/channels/${name}` },
        messages: [{ $ref: `#/channels/${name}/messages/${idOf(event)}` }],
      },
    ]);
  return Object.fromEntries([...requests, ...frames]);
}

interface Request {
  readonly event: string;
  readonly summary: string;
  readonly payload: z.ZodType;
  readonly answer: z.ZodType | undefined;
}

function requestsOf(name: Namespace): Request[] {
  const commands = commandsOf(name).map((event) => {
    const { summary, kind, input, output } = CATALOGUE[event];
    const payload = kind === "command" ? z.object({ ...input.shape, commandId }) : input;
    return { event, summary, payload, answer: output };
  });
  const streams = Object.entries(streamCommands)
    .filter(([event]) => name === "ops" || event !== "zones:watch")
    .map(([event, payload]) => ({
      event,
      // Cast: entries() forgets the names.
      summary: STREAM_SUMMARIES[event as keyof typeof streamCommands],
      payload,
      answer: undefined,
    }));
  return [...commands, ...streams];
}

function message(name: string, summary: string, payload: z.ZodType, io: "input" | "output") {
  return { name, summary, payload: schemaOf(payload, io) };
}

function ackOf(answer: z.ZodType): Json {
  return {
    oneOf: [
      schemaOf(z.object({ ok: z.literal(true), data: answer }), "output"),
      schemaOf(z.object({ ok: z.literal(false), problem }), "output"),
    ],
  };
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest;
}

/** Keys of messages and operations may not hold every character of an event's name. */
function idOf(event: string): string {
  return event.replaceAll(/[^\w.-]/gu, "-");
}
