/** The decision that a `delivery.offered` names in its reason, and the delivery in it; undefined for another form. */
export function decisionOf(reason: unknown): { readonly decisionId: string; readonly deliveryId: string } | undefined {
  if (typeof reason !== "object" || reason === null) return undefined;
  if (!("decisionId" in reason) || !("deliveryId" in reason)) return undefined;
  const { decisionId, deliveryId } = reason;
  return typeof decisionId === "string" && typeof deliveryId === "string" ? { decisionId, deliveryId } : undefined;
}
