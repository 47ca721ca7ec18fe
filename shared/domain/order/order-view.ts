import type { DeliveryView, OrderLine, OrderView } from "../../contracts/views.ts";

import type { LoadedOrder } from "./records.ts";

/** The whole order as the platform tells it, before it is projected for a viewer. */
export function orderViewOf(loaded: LoadedOrder, lines: readonly OrderLine[], seq: number): OrderView {
  const { order, restaurant, payment } = loaded;
  return {
    id: order.id,
    marketId: order.marketId,
    seq,
    code: order.code,
    restaurantId: order.restaurantId,
    restaurantName: restaurant.name,
    restaurantLine: restaurant.addressLine,
    restaurantPoint: { lat: restaurant.lat, lng: restaurant.lng },
    customerName: loaded.customerName,
    kind: order.kind,
    status: order.status,
    note: order.note,
    lines: [...lines],
    currency: order.currency,
    price: order.price,
    payment: {
      status: payment.status,
      // Only who still has to pay needs it.
      clientSecret: order.status === "PENDING_PAYMENT" ? payment.clientSecret : null,
      refundedMinor: payment.refundedMinor,
    },
    drop: dropOf(order),
    placedAtMs: order.placedAtMs,
    createdAtMs: order.createdAtMs,
    payByAtMs: order.payByAtMs,
    confirmByAtMs: order.confirmByAtMs,
    confirmedAtMs: order.confirmedAtMs,
    readyEstimateAtMs: order.readyEstimateAtMs,
    readyAtMs: order.readyAtMs,
    pickedUpAtMs: order.pickedUpAtMs,
    deliveredAtMs: order.deliveredAtMs,
    endedAtMs: order.endedAtMs,
    endReason: order.endReason,
    promise: span(order.promisedP50AtMs, order.promisedP90AtMs),
    eta: span(order.etaP50AtMs, order.etaP90AtMs),
    delivery: deliveryViewOf(loaded),
  };
}

export function deliveryViewOf({ delivery, courier }: Pick<LoadedOrder, "courier" | "delivery">): DeliveryView | null {
  if (!delivery) return null;
  return {
    id: delivery.id,
    status: delivery.status,
    version: delivery.version,
    courierId: delivery.courierId,
    courierName: courier?.name ?? null,
    stopOrder: delivery.stopOrder,
    ...(delivery.pinnedAtMs === null ? {} : { pinned: true }),
  };
}

function dropOf(order: LoadedOrder["order"]): OrderView["drop"] {
  if (order.dropLat === null || order.dropLng === null) return null;
  return {
    line: order.dropLine ?? "",
    instructions: order.dropInstructions ?? "",
    point: { lat: order.dropLat, lng: order.dropLng },
  };
}

function span(p50AtMs: number | null, p90AtMs: number | null) {
  return p50AtMs === null || p90AtMs === null ? null : { p50AtMs, p90AtMs };
}
