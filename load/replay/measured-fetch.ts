/** Wall ms of requests that were answered with a success, as a client saw them. */
export interface RequestTimes {
  readonly fetch: typeof fetch;
  readonly tookMs: number[];
  /** Leaves out what was measured so far: set-up is not what is to be shown. */
  forget(): void;
}

/** `fetch` that writes down how long each answered request took, until the head of its answer. */
export function measuredFetch(nowMs: () => number = () => performance.now()): RequestTimes {
  const tookMs: number[] = [];
  return {
    tookMs,
    forget: () => void tookMs.splice(0),
    fetch: async (input, init) => {
      const startMs = nowMs();
      const answer = await fetch(input, init);
      if (answer.ok) tookMs.push(nowMs() - startMs);
      return answer;
    },
  };
}
