/** A text that stands in a file of the core exactly once, and what the bug puts there. */
export interface Edit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** A small mistake that a core like ours could have. The simulator must find each of them. [SIM6] */
export interface PlantedBug {
  readonly name: string;
  readonly edits: readonly Edit[];
}

const ROOM = "hub/realtime/stream-room.ts";
const ROOMS = "hub/realtime/stream-rooms.ts";
const WATCHES = "hub/realtime/socket-watches.ts";
const FOLLOWER = "hub/realtime/head-follower.ts";
const CLIENT = "shared/client/stream-follower.ts";
const UNIT = "shared/server/db/unit-of-work.ts";
const STORE = "load/sim/fake-postgres.ts";

const one = (name: string, file: string, find: string, replace: string): PlantedBug => ({
  name,
  edits: [{ file, find, replace }],
});

const WRITER: readonly PlantedBug[] = [
  {
    name: "published-before-commit",
    edits: [
      {
        file: UNIT,
        find: "        return { answer: result, last: words };",
        replace:
          "        void words.events.then((told) => told.length > 0 && announce(told), () => {});\n        return { answer: result, last: words };",
      },
      { file: UNIT, find: "    if (events.length > 0) announce(events);", replace: "" },
    ],
  },
  one("never-published", UNIT, "    if (events.length > 0) announce(events);", ""),
  one("counted-without-a-lock", STORE, "      await this.#lock(mine, key);", ""),
  one(
    "serial-cursor",
    STORE,
    "const xmin = Math.min(this.#nextXid, ...begun);",
    "const xmin = Math.max(0, ...this.#rows.map((row) => row.xid)) + 1;",
  ),
  one("sweeper-off", FOLLOWER, "for (const { ref, seq } of change.heads) rooms.told(ref, seq);", ""),
  one("failed-fetch-not-repeated", FOLLOWER, "      rooms.repair(lookedAtMs);", ""),
];

const ROOM_BUGS: readonly PlantedBug[] = [
  one("join-not-awaited", ROOMS, "    await this.#joined(room);", "    void this.#joined(room);"),
  one(
    "subscription-not-tried-again",
    "hub/realtime/join-until.ts",
    "      await new Promise<void>((done) => void clock.after(SUBSCRIBE_AGAIN_MS, done));",
    "      await new Promise<void>(() => {});",
  ),
  one("gap-not-fetched", ROOM, "while (this.behind && (await this.#fetchOnce()));", ""),
  one(
    "gap-skipped",
    ROOM,
    "    if (this.#head !== undefined && seq === this.#head + 1) this.#accept(event);",
    "    if (this.#head !== undefined) this.#head = seq - 1;\n    if (this.#head !== undefined) this.#accept(event);",
  ),
  one(
    "repeat-not-dropped",
    ROOM,
    "      this.#port.counts.repeats += 1;",
    "      for (const watcher of this.#watchers) watcher.send(this.#port.project(watcher.viewer, this.ref, event)!);",
  ),
  one("ring-with-a-hole", ROOM, "const wanted = this.#head - seq + 1;", "const wanted = this.#head - seq;"),
  one(
    "hub-behind-its-watcher",
    ROOM,
    "const missing = watcher.cursor > this.#head ? [] : this.held(watcher.cursor + 1);",
    "watcher.cursor = Math.min(watcher.cursor, this.#head);\n    const missing = this.held(watcher.cursor + 1);",
  ),
  one("heartbeat-missing", "hub/realtime/realtime.ts", "    rooms.sendHeads();", ""),
];

const RIGHT_BUGS: readonly PlantedBug[] = [
  one("right-never-closed", ROOM, "return over ? RIGHT_ENDED : undefined;", "return undefined;"),
  {
    name: "right-closed-one-event-late",
    edits: [
      {
        file: ROOM,
        find: "  #ring: StoredEvent[] = [];",
        replace: "  #ring: StoredEvent[] = [];\n  readonly #ending = new Map<RoomWatcher, Problem>();",
      },
      {
        file: ROOM,
        find: "    const problem = endOfRight(this.#port, watcher, event, seq);",
        replace:
          "    const problem = this.#ending.get(watcher);\n" +
          "    const next = endOfRight(this.#port, watcher, event, seq);\n    if (next) this.#ending.set(watcher, next);",
      },
    ],
  },
  one("right-not-asked-with-the-snapshot", WATCHES, "if (!mayWatch)", "if (false)"),
  one(
    "projection-skipped",
    ROOM,
    "const seen = this.#port.project(watcher.viewer, this.ref, event);",
    "const seen = { ...event, seq };",
  ),
];

const WATCH_BUGS: readonly PlantedBug[] = [
  one(
    "live-before-the-answer",
    WATCHES,
    "      answer(found);",
    "      void Promise.resolve().then(() => answer(found));",
  ),
  one(
    "new-history-not-told",
    WATCHES,
    "this.#lapsed = new Set([...(this.#lapsed ?? []), ...this.#watchers.keys()]);",
    "",
  ),
  one("client-skips-a-gap", CLIENT, "    if (event.seq > this.#position.seq + 1) return this.#behind();", ""),
  one(
    "client-does-not-ask-after-a-reconnection",
    CLIENT,
    "    this.#failed = 0;\n    this.#ask();",
    '    this.#failed = 0;\n    if (this.#position) this.#state = "live";\n    else this.#ask();',
  ),
  one(
    "client-gives-up-after-a-failure",
    CLIENT,
    "if (ack === undefined || (!ack.ok && ack.problem.status >= 500)) return this.#later();",
    "if (ack === undefined || (!ack.ok && ack.problem.status >= 500)) return;",
  ),
  {
    name: "history-ignored",
    edits: [
      { file: CLIENT, find: "    if (epoch !== this.#position.epoch) return this.#behind();", replace: "" },
      {
        file: CLIENT,
        find: "if (epoch !== this.#position.epoch || seq > this.#position.seq) this.#behind();",
        replace: "if (seq > this.#position.seq) this.#behind();",
      },
      {
        file: CLIENT,
        find: "if (this.#position?.epoch !== epoch || answer.fromSeq > this.#position.seq + 1) {",
        replace: "if (!this.#position || answer.fromSeq > this.#position.seq + 1) {",
      },
      { file: WATCHES, find: "if (!since || since.epoch !== epoch || (grant", replace: "if (!since || (grant" },
    ],
  },
];

export const PLANTED_BUGS: readonly PlantedBug[] = [...WRITER, ...ROOM_BUGS, ...RIGHT_BUGS, ...WATCH_BUGS];
