/** What a link does to the bytes that cross it. Without one they pass as they come. */
export type LinkFault =
  /** Every byte comes later, in order; each piece by `ms` and up to `jitterMs` more. */
  | { readonly kind: "latency"; readonly ms: number; readonly jitterMs: number }
  /** Pieces of at most `bytes`, one every `everyMs`. */
  | { readonly kind: "slices"; readonly bytes: number; readonly everyMs: number }
  | { readonly kind: "bandwidth"; readonly bytesPerS: number }
  /** Accepts and is silent; what was said comes through when the fault is over, as a network does that repeats it. */
  | { readonly kind: "black-hole" }
  /**
   * One end of each connection is gone and the other is not told. New connections pass; who still waits on an old one is
   * reset when the fault is over.
   */
  | { readonly kind: "half-open"; readonly gone: "server" | "client" }
  /** Every connection is reset, and nobody listens. */
  | { readonly kind: "refuse" };
