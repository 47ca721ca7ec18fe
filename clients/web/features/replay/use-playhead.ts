import { useEffect, useState } from "react";

export interface Playhead {
  readonly atMs: number;
  readonly playing: boolean;
  /** At the end of an order that still goes on: the head goes with it. */
  readonly following: boolean;
  readonly speed: number;
  seek(atMs: number): void;
  play(playing: boolean): void;
  follow(): void;
  setSpeed(speed: number): void;
}

/** Wall ms between two steps of the play. */
const STEP_MS = 100;

/**
 * A place in time between two others.
 *
 * @param span deployment time; its end may move on
 * @param live whether the end moves on by itself; then the head begins there
 */
export function usePlayhead(span: { readonly fromMs: number; readonly toMs: number }, live: boolean): Playhead {
  const { fromMs, toMs } = span;
  const [at, setAt] = useState<number>(live ? Infinity : fromMs);
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState(30);
  useEffect(() => {
    if (!playing) return undefined;
    const timer = setInterval(() => setAt((before) => Math.min(toMs, before + STEP_MS * speed)), STEP_MS);
    return () => clearInterval(timer);
  }, [playing, speed, toMs]);
  const atEnd = at >= toMs;
  useEffect(() => {
    if (atEnd) setPlaying(false);
  }, [atEnd]);
  return {
    atMs: Math.min(at, toMs),
    playing,
    following: live && at === Infinity,
    speed,
    seek: (next) => setAt(Math.max(fromMs, Math.min(toMs, next))),
    play: (next) => {
      // From the end it begins anew.
      if (next && atEnd) setAt(fromMs);
      setPlaying(next);
    },
    follow: () => setAt(Infinity),
    setSpeed,
  };
}
