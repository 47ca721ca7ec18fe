import { streamKey, type StoredEvent, type StreamKind, type StreamRef } from "../contracts/streams.ts";
import type { HeldRole } from "../contracts/catalogue/accounts.ts";
import type { MenuItem, OrderLine, ShiftView } from "../contracts/views.ts";
import type { SuggestionRecord } from "../domain/dispatch/suggestion.ts";
import { earlierWork } from "../domain/eta/earlier-work.ts";
import type { EventDraft } from "../domain/order/change.ts";
import type {
  CourierRecord,
  DeliveryRecord,
  EarlierWork,
  LoadedOrder,
  OfferRecord,
  OrderRecord,
  PaymentRecord,
  RestaurantRecord,
} from "../domain/order/records.ts";
import type { MarketFacts } from "../domain/pricing/price-order.ts";
import type { OpeningSpan } from "../domain/restaurant/opening-hours.ts";
import { assert } from "../lib/assert.ts";

export interface SimMarket {
  readonly facts: MarketFacts;
  readonly name: string;
  readonly locale: string;
  round: number;
  roundAtMs: number;
  /** When a round last looked where idle couriers should wait. */
  movesAtMs: number;
}

export interface SimPerson {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly password: string;
  roles: readonly HeldRole[];
}

export interface SimItem {
  item: MenuItem;
  readonly position: number;
  archived: boolean;
}

export interface SimRestaurant {
  row: RestaurantRecord;
  hours: readonly OpeningSpan[];
  readonly categories: Map<string, { readonly name: string; readonly position: number }>;
  readonly items: Map<string, SimItem>;
  /** Orders that have not ended. */
  readonly open: Set<string>;
}

export interface SimCourier {
  row: CourierRecord;
  shift: ShiftView | null;
  /** Orders in hand. */
  readonly held: Set<string>;
  /** Orders in hand and handed over, and when their deliveries came to be, ms. */
  readonly given: Map<string, number>;
  openOffer: string | undefined;
  /** The newest one, ended or not. */
  suggestion: SuggestionRecord | undefined;
}

export interface SimOffer {
  row: OfferRecord;
  /** In drop-off order. */
  readonly deliveryIds: readonly string[];
}

interface SimOrder {
  order: OrderRecord;
  payment: PaymentRecord;
  delivery: DeliveryRecord | null;
  readonly customerName: string;
  readonly lines: readonly OrderLine[];
}

/** One row of the ledger. */
export interface SimBooking {
  readonly orderId: string;
  readonly reference: string;
  readonly account: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly atMs: number;
}

const KINDS = ["courier", "order", "restaurant"] as const satisfies readonly StreamKind[];

/** What the platform has written down, in memory, with the look-ups that it needs. Rows are replaced, never changed. */
export class SimStore {
  readonly #newId: () => string;
  readonly markets = new Map<string, SimMarket>();
  readonly people = new Map<string, SimPerson>();
  readonly byEmail = new Map<string, SimPerson>();
  readonly restaurants = new Map<string, SimRestaurant>();
  readonly couriers = new Map<string, SimCourier>();
  readonly courierOf = new Map<string, SimCourier>();
  /** Couriers with an open shift, in the order in which they came. */
  readonly onDuty = new Set<SimCourier>();
  readonly offers = new Map<string, SimOffer>();
  /** The open offer that holds a delivery. */
  readonly offerOfDelivery = new Map<string, string>();
  /** When an offer for a delivery was last closed. */
  readonly answeredAtMs = new Map<string, number>();
  readonly orderOfDelivery = new Map<string, string>();
  /** Orders that have not ended. */
  readonly openOrders = new Set<string>();
  /** Orders whose delivery has no courier yet. */
  readonly pending = new Set<string>();
  readonly ordersOfCustomer = new Map<string, string[]>();
  readonly bookings: SimBooking[] = [];
  readonly events: StoredEvent[] = [];
  readonly #orders = new Map<string, SimOrder>();
  readonly #streams = new Map<string, StoredEvent[]>();

  constructor(newId: () => string) {
    this.#newId = newId;
  }

  order(id: string): LoadedOrder | undefined {
    const found = this.#orders.get(id);
    const restaurant = found && this.restaurants.get(found.order.restaurantId);
    if (!found || !restaurant) return undefined;
    const { order, payment, delivery, customerName } = found;
    const holder = delivery?.courierId ? this.couriers.get(delivery.courierId) : undefined;
    const earlier = holder && delivery ? this.#earlier(holder, delivery) : [];
    return {
      order,
      payment,
      delivery,
      customerName,
      restaurant: restaurant.row,
      courier: holder?.row ?? null,
      ...(earlier.length > 0 ? { earlier } : {}),
    };
  }

  /** What the courier has in hand that comes before this delivery. */
  #earlier(courier: SimCourier, { id, stopOrder }: DeliveryRecord): EarlierWork[] {
    if (courier.held.size < 2) return [];
    return [...courier.held]
      .flatMap((orderId) => {
        const held = this.#orders.get(orderId);
        const restaurant = held && this.restaurants.get(held.order.restaurantId)?.row;
        if (!held?.delivery || !restaurant || held.delivery.id === id) return [];
        if ((held.delivery.stopOrder ?? 0) >= (stopOrder ?? 0)) return [];
        return [{ order: held.order, delivery: held.delivery, restaurant }];
      })
      .toSorted((a, b) => byStops(a.delivery, b.delivery))
      .map(earlierWork);
  }

  *orders(ids: Iterable<string>): Iterable<LoadedOrder> {
    for (const id of ids) {
      const loaded = this.order(id);
      if (loaded) yield loaded;
    }
  }

  /** Every order there is, in the order in which they were placed. */
  allOrders(): Iterable<LoadedOrder> {
    return this.orders(this.#orders.keys());
  }

  lines(orderId: string): readonly OrderLine[] {
    return this.#orders.get(orderId)?.lines ?? [];
  }

  insertOrder(loaded: LoadedOrder, lines: readonly OrderLine[]): void {
    const { order, payment, delivery, customerName } = loaded;
    this.#orders.set(order.id, { order, payment, delivery, customerName, lines });
    const own = this.ordersOfCustomer.get(order.customerId);
    if (own) own.push(order.id);
    else this.ordersOfCustomer.set(order.customerId, [order.id]);
    this.#index(order, delivery, null);
  }

  /** Writes order, payment and delivery as they are now; restaurant and courier have rows of their own. */
  put({ order, payment, delivery }: LoadedOrder): void {
    const found = this.#orders.get(order.id);
    assert(found, "an order that is changed is there");
    const before = found.delivery;
    found.order = order;
    found.payment = payment;
    found.delivery = delivery;
    this.#index(order, delivery, before);
  }

  #index(order: OrderRecord, delivery: DeliveryRecord | null, before: DeliveryRecord | null): void {
    const open = order.endedAtMs === null;
    const restaurant = this.restaurants.get(order.restaurantId);
    assert(restaurant, "an order's restaurant is there");
    set(this.openOrders, order.id, open);
    set(restaurant.open, order.id, open);
    if (!delivery) return;
    this.orderOfDelivery.set(delivery.id, order.id);
    set(this.pending, order.id, delivery.endedAtMs === null && delivery.status === "PENDING");
    if (before?.courierId && before.courierId !== delivery.courierId) {
      const had = this.couriers.get(before.courierId);
      had?.held.delete(order.id);
      had?.given.delete(order.id);
    }
    const holder = delivery.courierId ? this.couriers.get(delivery.courierId) : undefined;
    if (!holder) return;
    set(holder.held, order.id, delivery.endedAtMs === null);
    holder.given.set(order.id, delivery.createdAtMs);
  }

  setCourier(row: CourierRecord): SimCourier {
    const found = this.couriers.get(row.id);
    if (found) {
      found.row = row;
      return found;
    }
    const made: SimCourier = {
      row,
      shift: null,
      held: new Set(),
      given: new Map(),
      openOffer: undefined,
      suggestion: undefined,
    };
    this.couriers.set(row.id, made);
    this.courierOf.set(`${row.marketId}/${row.personId}`, made);
    return made;
  }

  /** Work in hand, in stop order. */
  heldBy(courier: SimCourier): LoadedOrder[] {
    return [...this.orders(courier.held)].toSorted((a, b) => byStops(a.delivery, b.delivery));
  }

  headOf(ref: StreamRef): number {
    return this.#streams.get(streamKey(ref))?.length ?? 0;
  }

  /** Events of a stream after a seq, ascending and without a gap. */
  after(ref: StreamRef, seq: number): readonly StoredEvent[] {
    return this.#streams.get(streamKey(ref))?.slice(seq) ?? [];
  }

  /** Counts and inserts events, in the order given: each gets the next seq of every stream that it stands in. */
  append(drafts: readonly EventDraft[]): StoredEvent[] {
    return drafts.map((draft) => {
      const seqs = { courier: null, order: null, restaurant: null } as Record<StreamKind, number | null>;
      const streams = KINDS.flatMap((kind) => {
        const id = draft.in[kind];
        if (id === undefined) return [];
        const key = streamKey({ marketId: draft.marketId, kind, id });
        const stream = this.#streams.get(key) ?? [];
        if (stream.length === 0) this.#streams.set(key, stream);
        seqs[kind] = stream.length + 1;
        return [stream];
      });
      assert(streams.length > 0, "an event stands in at least one stream");
      const event: StoredEvent = {
        marketId: draft.marketId,
        id: this.#newId(),
        type: draft.type,
        payload: draft.payload,
        actorRole: draft.actorRole,
        actorId: draft.actorId,
        atMs: draft.atMs,
        orderId: draft.in.order ?? draft.orderId ?? null,
        orderSeq: seqs.order,
        restaurantId: draft.in.restaurant ?? null,
        restaurantSeq: seqs.restaurant,
        courierId: draft.in.courier ?? null,
        courierSeq: seqs.courier,
      };
      for (const stream of streams) stream.push(event);
      this.events.push(event);
      return event;
    });
  }
}

function byStops(a: DeliveryRecord | null, b: DeliveryRecord | null): number {
  return (a?.stopOrder ?? 0) - (b?.stopOrder ?? 0) || (a?.assignedAtMs ?? 0) - (b?.assignedAtMs ?? 0);
}

function set<T>(all: Set<T>, one: T, inside: boolean): void {
  if (inside) all.add(one);
  else all.delete(one);
}
