/** Rings in the browser without a file: two notes of a struck tin. */
export interface Bell {
  /** Browsers play sound only after a touch: call it from one. */
  unlock(): void;
  ring(): void;
}

export function makeBell(): Bell {
  let context: AudioContext | undefined;
  const strike = (audio: AudioContext, frequencyHz: number, atS: number) => {
    const [tone, volume] = [audio.createOscillator(), audio.createGain()];
    tone.type = "triangle";
    tone.frequency.value = frequencyHz;
    volume.gain.setValueAtTime(0.0001, atS);
    volume.gain.exponentialRampToValueAtTime(0.5, atS + 0.01);
    volume.gain.exponentialRampToValueAtTime(0.0001, atS + 0.7);
    tone.connect(volume).connect(audio.destination);
    tone.start(atS);
    tone.stop(atS + 0.75);
  };
  return {
    unlock() {
      context ??= new AudioContext();
      void context.resume();
    },
    ring() {
      if (!context) return;
      strike(context, 1318, context.currentTime);
      strike(context, 1760, context.currentTime + 0.18);
    },
  };
}
