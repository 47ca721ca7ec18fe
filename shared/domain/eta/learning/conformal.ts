/** Keeps quantiles true: shifts them until as many outcomes lie below as each level says. */
export interface Conformal {
  /** Quantiles as they are told, never falling. */
  held(quantilesS: readonly number[]): number[];
  /** What became of a task whose quantiles were told as these. */
  learn(toldS: readonly number[], tookS: number): void;
  readonly shifts: readonly number[];
}

/** A miss moves a level by this share of its own chance, in logarithms: hundreds of them in a row a lot, a few unlucky ones little. */
const STEP = 0.001;

/**
 * Adaptive conformal inference (Gibbs and Candès, NeurIPS 2021) on the logarithm of durations: after a miss a level goes up
 * by step × level, after a hit down by step × (1 - level), so that in the long run the misses are as many as they should
 * be, whatever drifts. The median is moved like every level.
 */
export function makeConformal(levels: readonly number[], shifts: readonly number[] = levels.map(() => 0)): Conformal {
  let now = [...shifts];
  return {
    get shifts() {
      return now;
    },
    held: (quantilesS) => {
      let atLeastS = 0;
      return quantilesS.map((quantileS, index) => {
        atLeastS = Math.max(atLeastS, quantileS * Math.exp(now[index] ?? 0));
        return atLeastS;
      });
    },
    learn: (toldS, tookS) => {
      now = now.map((shift, index) => {
        const level = levels[index] ?? 0;
        return shift + STEP * (tookS > (toldS[index] ?? 0) ? level : level - 1);
      });
    },
  };
}
