/** Keeps the screen on until stopped, as far as the browser lets us: in the background it cannot. */
export function keepAwake(wakeLock: WakeLock | undefined, page: Document): () => void {
  let lock: WakeLockSentinel | undefined;
  let stopped = false;
  const take = () => {
    if (!wakeLock || stopped || page.visibilityState !== "visible") return;
    wakeLock.request("screen").then(
      (taken) => {
        if (stopped) void taken.release();
        else lock = taken;
      },
      // Low battery, or not allowed: the courier's own screen settings then decide.
      () => undefined,
    );
  };
  take();
  page.addEventListener("visibilitychange", take);
  return () => {
    stopped = true;
    page.removeEventListener("visibilitychange", take);
    void lock?.release();
  };
}
