import type { OrderStatus } from "#shared/contracts/states.ts";
import { EARNED } from "#shared/domain/order/machine.ts";

/** What the platform says of an order's money. */
export interface MoneyOrder {
  readonly id: string;
  readonly status: OrderStatus;
  readonly totalMinor: number;
  readonly payment: {
    readonly intentId: string | null;
    readonly capturedMinor: number;
    readonly refundedMinor: number;
    readonly refundTargetMinor: number;
  };
  readonly ledger: {
    /** What the books say that the provider holds for the order. */
    readonly providerMinor: number;
    /** Of all its entries; double entry makes it 0. */
    readonly sumMinor: number;
    /** How often it was concluded. */
    readonly conclusions: number;
  };
}

/** A payment as the provider itself shows it. */
export interface HeldIntent {
  readonly id: string;
  readonly status: string;
  readonly orderId: string | undefined;
  readonly receivedMinor: number;
  readonly refundedMinor: number;
}

/**
 * Compares what the provider holds, what the books say and what the orders' states mean: three tellings of one truth. [RPL7]
 *
 * @returns each disagreement in words
 */
export function moneyMismatches(orders: readonly MoneyOrder[], intents: readonly HeldIntent[]): string[] {
  const byId = new Map(intents.map((intent) => [intent.id, intent]));
  const known = new Set(orders.map((order) => order.payment.intentId));
  const strays = intents
    .filter((intent) => !known.has(intent.id) && (intent.receivedMinor > 0 || intent.status === "requires_capture"))
    .map((intent) => `payment ${intent.id} holds money and belongs to no order`);
  return [...strays, ...orders.flatMap((order) => faultsOf(order, byId.get(order.payment.intentId ?? "")))];
}

function faultsOf(order: MoneyOrder, found: HeldIntent | undefined): string[] {
  const { payment, ledger, status } = order;
  const held = found ?? { id: "", status: "", orderId: undefined, receivedMinor: 0, refundedMinor: 0 };
  const heldMinor = held.receivedMinor - held.refundedMinor;
  const meantMinor = keptMinor(order);
  const uncaptured = status === "CREATED" || status === "PENDING_PAYMENT";
  const faults: [boolean, string][] = [
    [held.id !== (payment.intentId ?? ""), "its payment is not known to the provider"],
    [(held.orderId ?? order.id) !== order.id, `its payment is for order ${held.orderId}`],
    [heldMinor !== meantMinor, `the provider holds ${heldMinor}, its state means ${meantMinor}`],
    [held.status === "requires_capture" && !uncaptured, "money stands reserved"],
    [payment.capturedMinor !== held.receivedMinor, `${payment.capturedMinor} written down as captured`],
    [payment.refundedMinor !== held.refundedMinor, `${payment.refundedMinor} written down as refunded`],
    [ledger.providerMinor !== heldMinor, `the books say that the provider holds ${ledger.providerMinor}`],
    [ledger.sumMinor !== 0, `the books do not balance: ${ledger.sumMinor}`],
    [ledger.conclusions !== Number(status === "CONCLUDED"), `concluded ${ledger.conclusions} times in the books`],
  ];
  return faults.filter(([wrong]) => wrong).map(([, what]) => `order ${order.id} (${status}): ${what}`);
}

/** What an order's state says that the provider is to hold for it. */
function keptMinor({ status, totalMinor, payment }: MoneyOrder): number {
  const ended = status === "REJECTED" || status === "CANCELLED";
  return ended || EARNED.includes(status) ? totalMinor - payment.refundTargetMinor : 0;
}
