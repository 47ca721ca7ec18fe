export interface Alarm {
  stop(): void;
}

/** Wall ms between rings. */
const RING_EVERY_MS = 1_600;

/**
 * Rings and shakes until stopped. Browsers let a page make a sound only after it was touched once; going on shift is
 * such a touch, and where there was none it shakes only.
 */
export function startAlarm(page: Window): Alarm {
  const audio = "AudioContext" in page ? new AudioContext() : undefined;
  const ring = () => {
    // The type says always; Safari has none.
    if ("vibrate" in navigator) navigator.vibrate([220, 90, 220]);
    if (audio?.state !== "running") return;
    for (const [delayS, hertz] of [
      [0, 784],
      [0.16, 1046],
      [0.32, 1318],
    ] as const) {
      tone(audio, audio.currentTime + delayS, hertz);
    }
  };
  void audio?.resume().catch(() => undefined);
  ring();
  const timer = setInterval(ring, RING_EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      if ("vibrate" in navigator) navigator.vibrate(0);
      void audio?.close();
    },
  };
}

function tone(audio: AudioContext, atS: number, hertz: number): void {
  const [source, gain] = [audio.createOscillator(), audio.createGain()];
  source.type = "triangle";
  source.frequency.value = hertz;
  gain.gain.setValueAtTime(0, atS);
  gain.gain.linearRampToValueAtTime(0.5, atS + 0.02);
  gain.gain.exponentialRampToValueAtTime(0.001, atS + 0.3);
  source.connect(gain).connect(audio.destination);
  source.start(atS);
  source.stop(atS + 0.32);
}
