import { gathered } from "#shared/lib/gathered.ts";

import { keptOf, type PersonCommand } from "../db/kept-commands.ts";
import { Statement, updatesOf, type Update } from "../db/statement.ts";
import type { Answers, OwedJob, UnitOfWork, Work, Writing } from "../db/unit-of-work.ts";
import { lockFreeOrders, lockOrder, type OrderWithLines } from "./load-order.ts";

/**
 * What becomes of one locked order, or of none where it is not there. It asks for nothing more, and may be called twice for one
 * command: what it wrote the first time is then gone.
 */
export type Decide<T> = (w: Writing, loaded: OrderWithLines | undefined) => T;

export interface OrderCommands {
  /**
   * A person's command about one order, as `UnitOfWork.command`: the order is locked, read and decided upon. Commands that come while
   * others are under way are carried out in one transaction. [RTM69-RTM71]
   *
   * @throws whatever `decide` throws
   */
  run<T>(
    asked: PersonCommand,
    order: { readonly marketId: string; readonly orderId: string },
    decide: Decide<T>,
  ): Promise<T>;
}

/** A transaction at a time: what comes meanwhile goes with the next, and is more. At most so many: all wait for it, and heads are held as long. */
const TOGETHER = { atOnce: 1, most: 32 };
/**
 * Where many go together none waits longer than this for what somebody else holds; alone, each waits for itself. [RTM71] And a plan that is kept fits
 * any number of orders: Postgres would make another one for each few of them, which takes longer than all that they are there for.
 */
const TERMS = new Statement(
  "select set_config('lock_timeout', '200ms', true), set_config('plan_cache_mode', 'force_generic_plan', true)",
  [],
);

interface Member {
  readonly asked: PersonCommand;
  readonly orderId: string;
  readonly decide: Decide<unknown>;
}
const NOBODY: ReadonlySet<PersonCommand> = new Set();
type Outcome = Answers<unknown>[number];

/** @returns one for each process */
export function makeOrderCommands({ commands, command }: Pick<UnitOfWork, "commands" | "command">): OrderCommands {
  const markets = new Map<string, (member: Member) => Promise<Outcome>>();

  function together(marketId: string, member: Member): Promise<Outcome> {
    let join = markets.get(marketId);
    if (!join) {
      const all = (members: readonly Member[]) =>
        commands(
          members.map(({ asked }) => asked),
          (w) => decideAll(w, marketId, members),
        );
      join = gathered(all, TOGETHER);
      markets.set(marketId, join);
    }
    return join(member);
  }

  return {
    async run<T>(
      asked: PersonCommand,
      { marketId, orderId }: { marketId: string; orderId: string },
      decide: Decide<T>,
    ) {
      // Whatever went wrong with all may have been another's fault; if it was not, it goes wrong again.
      const done = await together(marketId, { asked, orderId, decide }).catch(() => undefined);
      // Cast: it is what this `decide` has answered.
      if (done) return done.answer as T;
      return await command(asked, async (w) => decide(w, await lockOrder(w.tx, marketId, orderId)));
    },
  };
}

/**
 * Decides upon every order that is free, once, unless it was done before. Whoever is refused has written nothing and is asked again
 * alone: it may be a repetition, which has an answer. [RTM70]
 */
async function decideAll(w: Work, marketId: string, members: readonly Member[]): Promise<readonly Outcome[]> {
  w.send(w.tx.execute(TERMS));
  const orderIds = new Set(members.map(({ orderId }) => orderId));
  const [found, repeated] = await Promise.all([
    lockFreeOrders(w.tx, marketId, [...orderIds]),
    // Said behind the lock: who was carried out before is found by then. Alone it would hinder nobody.
    members.length > 1
      ? keptOf(
          w.tx,
          members.map(({ asked }) => asked),
        )
      : NOBODY,
  ]);
  const free = new Map(found.map((loaded) => [loaded.order.id, loaded]));
  const updates: Update[] = [];
  const outcomes = members.map(({ asked, orderId, decide }) => {
    const loaded = repeated.has(asked) ? undefined : free.get(orderId);
    const written = loaded && attempt(w, loaded, decide);
    if (!written) return undefined;
    // Another command of this transaction would not see what this one has changed.
    free.delete(orderId);
    updates.push(...written.updates);
    for (const draft of written.drafts) w.append(draft);
    for (const job of written.owed) w.owe(job);
    return { answer: written.answer };
  });
  for (const statement of updatesOf(updates)) w.send(w.tx.execute(statement));
  return outcomes;
}

/** One command's part, or undefined when it is refused. */
function attempt({ nowMs }: Work, loaded: OrderWithLines, decide: Decide<unknown>) {
  const updates: Update[] = [];
  const drafts: Parameters<Writing["append"]>[0][] = [];
  const owed: OwedJob[] = [];
  const own: Writing = {
    nowMs,
    update: (table, row, change) => void updates.push({ table, row, change }),
    append: (draft) => void drafts.push(draft),
    owe: (job) => void owed.push(job),
  };
  try {
    return { answer: decide(own, loaded), updates, drafts, owed };
  } catch {
    return undefined;
  }
}
