import { useEffect, useState } from "react";

/** The wall clock, epoch ms, told again every `stepMs`: for ages and countdowns on screen, never for decisions. */
export function useNow(stepMs = 1000): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), stepMs);
    return () => clearInterval(timer);
  }, [stepMs]);
  return nowMs;
}
