import type { StreamRef } from "../contracts/streams.ts";

/** The contract's `streamKey`, without the schemas that stand beside it; a test holds the two together. */
export function streamKeyOf(ref: StreamRef): string {
  return `${ref.marketId}/${ref.kind}/${ref.id}`;
}
