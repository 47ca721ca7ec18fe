/** Where an order's black box is: an address that operators may send to each other. */
export function replayPath(marketId: string, orderId: string): string {
  return `/ops/${marketId}/orders/${orderId}/replay`;
}
