import type { OrderStatus } from "#shared/contracts/states.ts";
import type { SeenEvent } from "#shared/contracts/streams.ts";
import { etaView, type SeenOrder } from "#shared/contracts/views.ts";

import { eventWords } from "../../../common/event-words.ts";
import { formatClock } from "../../../common/format.ts";

export interface Stage {
  readonly label: string;
  readonly state: "done" | "now" | "ahead";
  /** When it was reached, where the order tells it. */
  readonly atMs: number | null;
}

const RANK: Readonly<Record<OrderStatus, number>> = {
  PENDING_PAYMENT: 0,
  CREATED: 1,
  CONFIRMED: 2,
  PREPARING: 3,
  READY: 4,
  IN_DELIVERY: 5,
  DELIVERED: 6,
  CONCLUDED: 6,
  REJECTED: -1,
  CANCELLED: -1,
};

/** The rank before it is reached, in words, and when it was reached. */
type Step = readonly [before: number, label: string, atMs: number | null | undefined];

/** The way of an order in the customer's words; empty once it was rejected or cancelled. */
export function stagesOf(order: SeenOrder): Stage[] {
  const rank = RANK[order.status];
  if (rank < 0) return [];
  const takeaway = order.kind === "takeaway";
  const steps: Step[] = [
    [0, "Paid", order.createdAtMs],
    [1, "Kitchen confirmed", order.confirmedAtMs],
    [2, "Cooking", null],
    [3, takeaway ? "Ready for you" : "Ready", order.readyAtMs],
    takeaway ? [5, "Picked up", order.deliveredAtMs] : [4, "On the way", order.pickedUpAtMs],
  ];
  if (!takeaway) steps.push([5, "Delivered", order.deliveredAtMs]);
  const reached = takeaway && rank === 4 ? 5 : rank;
  return steps.map(([from, label, atMs]) => ({
    label,
    state: reached > from ? "done" : reached === from ? "now" : "ahead",
    atMs: atMs ?? null,
  }));
}

/** One sentence for where the order stands. */
export function headline({ status, kind }: SeenOrder): string {
  return (kind === "takeaway" ? TAKEAWAY_HEADLINES[status] : undefined) ?? HEADLINES[status];
}

const HEADLINES: Readonly<Record<OrderStatus, string>> = {
  PENDING_PAYMENT: "Waiting for your payment",
  CREATED: "Waiting for the kitchen",
  CONFIRMED: "The kitchen has taken your order",
  PREPARING: "Your food is being cooked",
  READY: "Ready, waiting for its courier",
  IN_DELIVERY: "On the way to you",
  DELIVERED: "Delivered",
  CONCLUDED: "Delivered",
  REJECTED: "The kitchen could not take your order",
  CANCELLED: "Cancelled",
};

const TAKEAWAY_HEADLINES: Readonly<Partial<Record<OrderStatus, string>>> = {
  READY: "Ready: come and get it",
  DELIVERED: "Picked up",
  CONCLUDED: "Picked up",
};

/** Over, one way or the other. */
export function isOver(order: SeenOrder): boolean {
  const rank = RANK[order.status];
  return rank < 0 || rank === 6;
}

/** It is expected later than was promised. */
export function isLate({ eta, promise }: SeenOrder): boolean {
  return Boolean(eta && promise && eta.p50AtMs > promise.p90AtMs);
}

/** The customer may cancel until the kitchen has begun. */
export function mayCancel(order: SeenOrder): boolean {
  const rank = RANK[order.status];
  return rank >= 0 && rank < 3;
}

/**
 * An event in the customer's words, a new arrival time with its hours. [DMO15]
 *
 * @param timeZone the market's
 */
export function toldWords({ type, payload }: Pick<SeenEvent, "type" | "payload">, timeZone?: string): string {
  const words = eventWords(type, "customer");
  return type === "eta.updated" ? [words, etaWords(payload["order"], timeZone)].filter(Boolean).join(" ") : words;
}

/** "00:35–00:37"; empty when the event does not carry it. */
function etaWords(order: unknown, timeZone: string | undefined): string {
  const eta = etaView.safeParse(typeof order === "object" && order !== null && "eta" in order ? order.eta : undefined);
  if (!eta.success) return "";
  return [eta.data.p50AtMs, eta.data.p90AtMs].map((atMs) => formatClock(atMs, timeZone)).join("–");
}

const MINUTE_MS = 60_000;

/** How long it still takes, as people say it: "in about 6 min", "in about 1 h 20 min", "any minute". [DMO15] */
export function minutesWords(leftMs: number): string {
  const minutes = Math.round(leftMs / MINUTE_MS);
  if (minutes < 1) return "any minute";
  const hours = Math.floor(minutes / 60);
  const parts = [hours > 0 && `${hours} h`, minutes % 60 > 0 && `${minutes % 60} min`];
  return `in about ${parts.filter(Boolean).join(" ")}`;
}
