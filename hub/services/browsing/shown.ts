import { createHash } from "node:crypto";

import type { StoredEvent } from "#shared/contracts/streams.ts";
import { menuView, restaurantView, type MenuView } from "#shared/contracts/views.ts";
import type { LocalClock } from "#shared/domain/restaurant/opening-hours.ts";
import { lastingViewOf, openingOf } from "#shared/domain/restaurant/restaurant-view.ts";
import type { Clock } from "#shared/lib/clock.ts";
import type { Db } from "#shared/server/db/connect.ts";
import { readMenu } from "#shared/server/db/menus.ts";
import { CHANGES_LOOKS, shownChanges } from "#shared/server/db/shown-changes.ts";
import { readShown, type ShownRestaurant } from "#shared/server/db/shown-restaurants.ts";
import type { MarketReader } from "#shared/server/life/etas.ts";

import type { Weighed } from "../../byte-cache.ts";
import { ReadyAnswer } from "../ready-answer.ts";
import { makeKept } from "./kept.ts";

/** Restaurants and menus as anybody may see them, in words that stand ready. */
export interface Shown {
  /** Of those in business, by id: the view's JSON without its closing brace, open or not at `nowMs` of deployment. */
  restaurants(marketId: string, ids: readonly string[], nowMs: number): Promise<Map<string, string>>;
  /** Undefined when no such restaurant is in business. */
  menu(marketId: string, restaurantId: string): Promise<ReadyAnswer | undefined>;
  /** What this hub has committed: it shows it from now on. */
  told(events: readonly StoredEvent[]): void;
}

export interface ShownDeps {
  readonly db: Db;
  readonly wall: Clock;
  readonly market: MarketReader;
}

/** Wall ms: nothing is shown that was not true so shortly before it was asked for. [BRW9] */
const LOOK_MS = 1_000;
/** Wall ms: what was changed behind everybody's back is read again by then. */
const KEEP_MS = 600_000;
/** A hub's memory for them; a thousand restaurants take some two megabytes, their menus as much as they are long. */
const RESTAURANTS_BYTES = 16 * 2 ** 20;
const MENUS_BYTES = 32 * 2 ** 20;
const MINUTE_MS = 60_000;
const SPAN_BYTES = 64;
const ENTRY_BYTES = 400;

const lastingView = restaurantView.omit({ open: true, opensAtMs: true });

/**
 * Keeps what was read until the restaurant tells of a change. A hub asks the store for changes when somebody looks and it has not
 * asked within a second: so a change at another hub is shown within a second, whatever is lost between hubs. [BRW9-BRW12]
 */
export function makeShown({ db, wall, market }: ShownDeps): Shown {
  const nowMs = () => wall.nowMs();
  const restaurants = makeKept<KeptRestaurant>({
    nowMs,
    maxBytes: RESTAURANTS_BYTES,
    keepMs: KEEP_MS,
    read: async (marketId, ids) => {
      const { currency, localClock } = await market(db.orm, marketId);
      const rows = await readShown(db, marketId, ids);
      return new Map([...rows].map(([id, row]) => [id, new KeptRestaurant(row, currency, localClock)]));
    },
  });
  const menus = makeKept<KeptMenu>({
    nowMs,
    maxBytes: MENUS_BYTES,
    keepMs: KEEP_MS,
    // Orders take stock, and tell nobody.
    mayKeep: ({ counts }) => !counts,
    read: async (marketId, ids) => {
      const { currency } = await market(db.orm, marketId);
      const found = await Promise.all(ids.map(async (id) => [id, await readMenu(db, marketId, id)] as const));
      return new Map(
        found.flatMap(([id, categories]) =>
          categories ? [[id, keptMenuOf({ restaurantId: id, currency, categories })] as const] : [],
        ),
      );
    },
  });

  let known: { readonly timeline: string; readonly watermark: string } | undefined;
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | undefined;

  async function look(): Promise<void> {
    const beganMs = nowMs();
    const { timeline, watermark, restaurants: changed } = await shownChanges(db, known?.watermark);
    if (known && known.timeline !== timeline) forgetAll();
    for (const [marketId, id] of changed) forget(marketId, id);
    known = { timeline, watermark };
    lookedAtMs = beganMs;
  }

  /** Resolves when what is kept was true within a second before the call: the second look, if any, began after it. */
  async function current(): Promise<void> {
    const calledAtMs = nowMs();
    for (let turn = 0; turn < 2 && !isRecent(calledAtMs); turn += 1) {
      looking ??= look().finally(() => (looking = undefined));
      // oxlint-disable-next-line no-await-in-loop -- a look that began too long before does not count
      await looking;
    }
  }

  /** A clock that was put back counts as long ago. */
  function isRecent(calledAtMs: number): boolean {
    return calledAtMs - lookedAtMs < LOOK_MS && lookedAtMs <= nowMs();
  }

  function forget(marketId: string, id: string): void {
    restaurants.forget(marketId, id);
    menus.forget(marketId, id);
  }

  function forgetAll(): void {
    restaurants.forgetAll();
    menus.forgetAll();
  }

  return {
    async restaurants(marketId, ids, atMs) {
      await current();
      const found = await restaurants.of(marketId, ids);
      return new Map([...found].map(([id, one]) => [id, one.textAt(atMs)]));
    },
    async menu(marketId, restaurantId) {
      await current();
      const found = await menus.of(marketId, [restaurantId]);
      return found.get(restaurantId)?.answer;
    },
    told(events) {
      for (const { type, marketId, restaurantId } of events) {
        if (restaurantId !== null && CHANGES_LOOKS.has(type)) forget(marketId, restaurantId);
      }
    },
  };
}

/** A restaurant in words; whether it is open is said anew each minute. */
class KeptRestaurant implements Weighed {
  readonly #row: ShownRestaurant;
  readonly #clock: LocalClock;
  readonly #lasting: string;
  #minute = Number.NaN;
  #text = "";

  constructor(row: ShownRestaurant, currency: string, clock: LocalClock) {
    const { hours, ...rest } = row;
    this.#row = row;
    this.#clock = clock;
    // The form leaves out what is nobody's business.
    this.#lasting = JSON.stringify(lastingView.parse(lastingViewOf(rest, hours, currency))).slice(0, -1);
  }

  get sizeBytes(): number {
    return ENTRY_BYTES + 3 * this.#lasting.length + SPAN_BYTES * this.#row.hours.length;
  }

  textAt(nowMs: number): string {
    const minute = Math.floor(nowMs / MINUTE_MS);
    if (minute === this.#minute) return this.#text;
    const { open, opensAtMs } = openingOf(this.#row, this.#row.hours, { clock: this.#clock, nowMs });
    this.#minute = minute;
    this.#text = `${this.#lasting},"open":${open},"opensAtMs":${opensAtMs}`;
    return this.#text;
  }
}

interface KeptMenu extends Weighed {
  readonly answer: ReadyAnswer;
  /** Whether it says of anything how much is left. */
  readonly counts: boolean;
}

function keptMenuOf(menu: MenuView): KeptMenu {
  const text = JSON.stringify(menuView.parse(menu));
  const tag = createHash("sha256").update(text).digest("base64url").slice(0, 22);
  const counts = menu.categories.some(({ items }) => items.some(({ stock }) => stock !== null));
  // A character may take two bytes.
  return { answer: new ReadyAnswer(text, tag), counts, sizeBytes: ENTRY_BYTES + 2 * text.length };
}
