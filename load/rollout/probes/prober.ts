import type { HubClient } from "#shared/client/hub-client.ts";
import { causesOf } from "#shared/lib/causes.ts";

import { openActorSession } from "../../actors/session.ts";
import { openLoop, preciseNowMs, type Schedule } from "../../swarm/crowd/open-loop.ts";
import type { HeldChange, ProbeResult } from "../availability.ts";
import type { ProbeOrders } from "./orders.ts";
import { basketOf, makeQuestions, type Question, type Questions } from "./questions.ts";

/** What was seen since it was last told. */
export interface Seen {
  readonly results: readonly ProbeResult[];
  readonly held: readonly HeldChange[];
}

/** Wall ms after which an answer is not waited for any more; it was late long before. */
const GIVE_UP_MS = 6_000;

/**
 * Probes a deployment through its front door: REST and sockets by an open-loop schedule, and one connection that is held. No
 * probe waits for the one before, and none is sent again. [ROL9]
 */
export class Prober {
  readonly #orders: ProbeOrders;
  readonly #questions: Questions;
  readonly #held: HubClient;
  readonly #schedules: Schedule[] = [];
  readonly #underWay = new Set<Promise<void>>();
  #results: ProbeResult[] = [];
  #changes: HeldChange[] = [];

  private constructor(orders: ProbeOrders, questions: Questions, held: HubClient) {
    this.#orders = orders;
    this.#questions = questions;
    this.#held = held;
    held.onStatus((status) => this.#changes.push({ atMs: preciseNowMs(), live: status === "live" }));
    this.#changes.push({ atMs: preciseNowMs(), live: held.status === "live" });
  }

  /** Signs in; nothing is asked yet. */
  static async make(orders: ProbeOrders): Promise<Prober> {
    const { url, email, password } = orders;
    const session = await openActorSession({ hubUrls: [url], email, password });
    const { price } = await session.api.call("quote.make", basketOf(orders));
    return new Prober(orders, makeQuestions(orders, session, price.totalMinor), session.connect("customer"));
  }

  begin(): void {
    const { restPerS, socketPerS } = this.#orders;
    const { rest, socket } = this.#questions;
    this.#schedules.push(
      openLoop({ perS: restPerS }, (dueMs, turn) => {
        const question = rest[turn % rest.length];
        if (question) this.#probe("rest", question, dueMs);
      }),
      openLoop({ perS: socketPerS }, (dueMs) => this.#probe("socket", socket, dueMs)),
    );
  }

  /** Gives what was seen since the last time. */
  take(): Seen {
    const seen = { results: this.#results, held: this.#changes };
    [this.#results, this.#changes] = [[], []];
    return seen;
  }

  /** Asks nothing new, and waits for what is under way. */
  async end(): Promise<Seen> {
    for (const schedule of this.#schedules) schedule.stop();
    await Promise.all(this.#underWay);
    const seen = this.take();
    this.#held.close();
    return seen;
  }

  #probe(kind: ProbeResult["kind"], question: Question, dueMs: number): void {
    const probe = this.#ask(kind, question, dueMs).finally(() => this.#underWay.delete(probe));
    this.#underWay.add(probe);
  }

  async #ask(kind: ProbeResult["kind"], { name, ask }: Question, dueMs: number): Promise<void> {
    let right = false;
    let why: string | undefined;
    try {
      right = await ask(AbortSignal.timeout(GIVE_UP_MS));
      if (!right) why = "answered wrongly";
    } catch (error) {
      why = wordsOf(error);
    }
    this.#results.push({ kind, name, dueMs, tookMs: preciseNowMs() - dueMs, right, why });
  }
}

/** With its causes: what the network said stands in the last one. */
function wordsOf(error: unknown): string {
  const words = [...causesOf(error)].map((cause) =>
    "code" in cause ? `${String(cause.code)} ${cause.message}` : cause.message,
  );
  return words.join(": ") || String(error);
}
