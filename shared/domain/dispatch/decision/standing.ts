import type { ExplainedDelivery } from "../../../contracts/dispatch.ts";

/** Why a delivery is where it is: what a person did by hand, or whose decision it waits for. */
export type Standing =
  | { readonly kind: "over" }
  | { readonly kind: "given"; readonly courierName: string; readonly reason: string | undefined }
  | { readonly kind: "accepted"; readonly courierName: string; readonly decisionId: string | null }
  | { readonly kind: "asked"; readonly courierName: string; readonly decisionId: string | null }
  /** Nobody has it and nobody is asked, since then. */
  | { readonly kind: "waits"; readonly sinceMs: number };

/** An event of the order, as far as a person's hand shows in it. */
export interface HandEvent {
  readonly type: string;
  readonly atMs: number;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** An offer that held the delivery. */
interface Asked {
  readonly courierId: string;
  readonly courierName: string;
  readonly status: string;
  readonly answeredAtMs: number | null;
  readonly decisionId: string | null;
}

export interface StandingOf {
  readonly ended: boolean;
  readonly courier: { readonly id: string; readonly name: string } | null;
  /** Of the order, oldest first. */
  readonly events: readonly HandEvent[];
  /** Oldest first. */
  readonly offers: readonly Asked[];
}

/** Where a delivery stands, by its last event and offer. [DSP45] */
export function standingOf({ ended, courier, events, offers }: StandingOf): Standing {
  if (ended) return { kind: "over" };
  if (courier) {
    const taken = events.findLast(({ type }) => type === "delivery.accepted" || type === "delivery.assigned");
    if (taken?.type === "delivery.assigned") {
      return { kind: "given", courierName: courier.name, reason: reasonOf(taken) };
    }
    const offer = offers.findLast(({ status, courierId }) => status === "accepted" && courierId === courier.id);
    return { kind: "accepted", courierName: courier.name, decisionId: offer?.decisionId ?? null };
  }
  const open = offers.findLast(({ status }) => status === "offered");
  if (open) return { kind: "asked", courierName: open.courierName, decisionId: open.decisionId };
  const moments = [
    ...events.filter(({ type }) => type.startsWith("delivery.")).map(({ atMs }) => atMs),
    ...offers.map(({ answeredAtMs }) => answeredAtMs ?? 0),
  ];
  return { kind: "waits", sinceMs: Math.max(0, ...moments) };
}

/** Why the delivery is pinned, as the dispatcher wrote; undefined: it is not. */
export function pinnedBecause(pinned: boolean, events: readonly HandEvent[]): string | undefined {
  const last = pinned ? events.findLast(({ type }) => type === "delivery.pinned") : undefined;
  return pinned ? ((last && reasonOf(last)) ?? "") : undefined;
}

/**
 * The same in plain words.
 *
 * @param told what the round behind it found; undefined: no round, or none that is kept
 */
export function standingWords(
  standing: Standing,
  pinned: string | undefined,
  told: Pick<ExplainedDelivery, "words"> | undefined,
): string {
  if (pinned === undefined) return basicWords(standing, told);
  const words = pinnedWords(standing, pinned);
  return standing.kind === "waits" ? words : `${basicWords(standing, told)} ${words}`;
}

function basicWords(standing: Standing, told: { readonly words: string } | undefined): string {
  switch (standing.kind) {
    case "over":
      return "This delivery is over.";
    case "given":
      return `A dispatcher gave it to ${standing.courierName} without asking${quoted(standing.reason)}.`;
    case "accepted":
      return `${standing.courierName} accepted the offer. ${told?.words ?? "Its decision is kept no longer."}`;
    case "asked":
      return `${standing.courierName} is being asked. ${told?.words ?? "The decision is kept no longer."}`;
    case "waits":
      return told?.words ?? "No round has looked at it since it became open; the next one does.";
  }
}

function pinnedWords({ kind }: Standing, reason: string): string {
  const what =
    kind === "waits"
      ? "no round offers it"
      : "nothing is added to its trip, and no round offers it should it come back,";
  return `Pinned by a dispatcher${quoted(reason)}: ${what} until it is unpinned.`;
}

function quoted(reason: string | undefined): string {
  return reason ? ` (“${reason}”)` : "";
}

function reasonOf({ payload: { reason } }: HandEvent): string | undefined {
  if (typeof reason !== "object" || reason === null || !("reason" in reason)) return undefined;
  return typeof reason.reason === "string" ? reason.reason : undefined;
}
