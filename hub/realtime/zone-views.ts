import { roomOf } from "#shared/contracts/rooms.ts";
import type { PackedZoneFrame, Position, ZoneFrame } from "#shared/contracts/streams.ts";
import { packZoneFrame } from "#shared/domain/tracking/zone-frame.ts";
import type { Clock } from "#shared/lib/clock.ts";

import { joinUntil } from "./join-until.ts";
import type { Listener } from "./ports.ts";
import type { RoomBus } from "./room-bus.ts";

/** A zone that somebody watches here. */
export interface WatchedZone {
  readonly zone: string;
  /** Views that hold it. */
  views: number;
  readonly moved: Couriers;
  /** Rooms of the couriers who are here. */
  readonly couriers: Set<string>;
}

type Couriers = Map<string, ZoneFrame["couriers"][number]>;
/** What is told of a zone at the end of a tick. */
interface Told {
  readonly couriers: ZoneFrame["couriers"];
  readonly frame: PackedZoneFrame;
}
/** By the zone's room. */
type ToldZones = ReadonlyMap<string, Told>;
/** The newest of each courier that somebody was not given, by the zone's room. */
type Owed = Map<string, Couriers>;

/** Operators who watch the same zones; they are given the same frames. */
interface ZoneView {
  readonly key: string;
  readonly busRooms: readonly string[];
  readonly listeners: Set<Listener>;
}

export interface ZoneViewsDeps {
  readonly bus: Pick<RoomBus, "join" | "leave">;
  /** Asks all hubs that take positions to tell the zones' rooms who is there. */
  readonly askZones: (zoneRooms: readonly string[]) => void;
  /** Nobody watches the zone of this courier here any more. */
  readonly standsNowhere: (courierRoom: string) => void;
  /** Wall time. */
  readonly clock: Clock;
  /** Calls `flush` before long. */
  readonly flushSoon: () => void;
  readonly counts: { sent: number };
}

/** What somebody is owed, with what these zones tell now. */
function owedWith(owed: Owed, busRooms: readonly string[], told: ToldZones): Owed {
  for (const busRoom of busRooms) {
    const now = told.get(busRoom)?.couriers;
    if (!now) continue;
    const zone = owed.get(busRoom) ?? (new Map() satisfies Couriers);
    for (const each of now) zone.set(each.courierId, each);
    owed.set(busRoom, zone);
  }
  return owed;
}

/** The couriers in the zones that operators watch: one frame a zone and tick. [RTM10] */
export class ZoneViews {
  readonly #deps: ZoneViewsDeps;
  /** By the zone's room. */
  readonly #zones = new Map<string, WatchedZone>();
  readonly #views = new Map<string, ZoneView>();
  readonly #viewOf = new Map<Listener, ZoneView>();
  readonly #owed = new Map<Listener, Owed>();

  constructor(deps: ZoneViewsDeps) {
    this.#deps = deps;
  }

  /** The zone in which the courier is seen now, when somebody watches it here. */
  moved({ marketId, courierId, ...position }: Position): WatchedZone | undefined {
    const zone = this.#zones.get(roomOf.zone(marketId, position.zone));
    const before = zone?.moved.get(courierId);
    if (zone && (!before || before.takenAtMs < position.takenAtMs)) {
      const { lat, lng, speedMps, headingDeg, takenAtMs } = position;
      zone.moved.set(courierId, { courierId, lat, lng, speedMps, headingDeg, takenAtMs });
      this.#deps.flushSoon();
    }
    return zone;
  }

  /** From now on these zones and no others; none: the operator is gone. */
  watch(listener: Listener, marketId: string, asked: readonly string[]): void {
    const names = [...new Set(asked)].toSorted();
    const key = `${marketId}/${names.join()}`;
    const before = this.#viewOf.get(listener);
    if (before?.key === key) return;
    this.#viewOf.delete(listener);
    if (names.length === 0) this.#owed.delete(listener);
    else {
      const view = this.#views.get(key) ?? this.#open(key, marketId, names);
      view.listeners.add(listener);
      this.#viewOf.set(listener, view);
    }
    // Last, so that zones in both are not left and joined again.
    if (before) this.#leave(listener, before);
  }

  /** Subscriptions may have been away. */
  askAgain(): void {
    if (this.#zones.size > 0) this.#deps.askZones([...this.#zones.keys()]);
  }

  /**
   * The end of a tick. Each zone is packed once, and each operator is given all of theirs together: writes are what costs. Who is busy is owed
   * it, the newest of each courier, and given it with the next: a courier who rides on as foretold says nothing for a minute.
   */
  flush(): void {
    const told = new Map<string, Told>();
    for (const [busRoom, { zone, moved }] of this.#zones) {
      if (moved.size === 0) continue;
      const couriers = [...moved.values()];
      told.set(busRoom, { couriers, frame: packZoneFrame({ zone, couriers }) });
      moved.clear();
    }
    for (const { busRooms, listeners } of this.#views.values()) {
      const frames = busRooms.flatMap((busRoom) => told.get(busRoom)?.frame ?? []);
      for (const listener of listeners) {
        const owed = this.#owed.get(listener);
        if (owed) this.#pay(listener, owed, busRooms, told);
        else if (frames.length > 0) this.#give(listener, frames, busRooms, told);
      }
    }
    if (this.#owed.size > 0) this.#deps.flushSoon();
  }

  #give(listener: Listener, frames: readonly PackedZoneFrame[], busRooms: readonly string[], told: ToldZones): void {
    if (listener.zones(frames)) this.#deps.counts.sent += frames.length;
    else this.#owed.set(listener, owedWith(new Map<string, Couriers>(), busRooms, told));
  }

  #pay(listener: Listener, before: Owed, busRooms: readonly string[], told: ToldZones): void {
    const owed = owedWith(before, busRooms, told);
    // What is owed of zones that are watched no more is owed no more.
    const frames = busRooms.flatMap((busRoom) => {
      const [zone, couriers] = [this.#zones.get(busRoom)?.zone, owed.get(busRoom)];
      return zone === undefined || !couriers ? [] : packZoneFrame({ zone, couriers: [...couriers.values()] });
    });
    if (frames.length > 0 && !listener.zones(frames)) return;
    this.#owed.delete(listener);
    this.#deps.counts.sent += frames.length;
  }

  #open(key: string, marketId: string, names: readonly string[]): ZoneView {
    const view: ZoneView = { key, busRooms: names.map((zone) => roomOf.zone(marketId, zone)), listeners: new Set() };
    this.#views.set(key, view);
    const opened: string[] = [];
    for (const [index, busRoom] of view.busRooms.entries()) {
      const known = this.#zones.get(busRoom);
      if (known) known.views += 1;
      else {
        this.#zones.set(busRoom, { zone: names[index] ?? "", views: 1, moved: new Map(), couriers: new Set() });
        opened.push(busRoom);
      }
    }
    if (opened.length > 0) void this.#join(opened);
    return view;
  }

  async #join(busRooms: readonly string[]): Promise<void> {
    await Promise.all(busRooms.map((busRoom) => joinUntil(this.#deps, busRoom, () => this.#zones.has(busRoom))));
    this.#deps.askZones(busRooms);
  }

  #leave(listener: Listener, view: ZoneView): void {
    view.listeners.delete(listener);
    if (view.listeners.size > 0) return;
    this.#views.delete(view.key);
    for (const busRoom of view.busRooms) {
      const zone = this.#zones.get(busRoom);
      if (!zone) continue;
      zone.views -= 1;
      if (zone.views > 0) continue;
      this.#zones.delete(busRoom);
      this.#deps.bus.leave(busRoom);
      for (const room of zone.couriers) this.#deps.standsNowhere(room);
    }
  }
}
