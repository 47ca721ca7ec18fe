/** So many answers of everybody's stand behind each one's own. */
const POOLED = 10;

/**
 * A share of few, drawn towards the share of all: the mean of a Beta posterior whose prior is worth {@link POOLED} answers at
 * everybody's share. Who has answered nothing is judged by that share alone; who has answered hundreds of times, by their own.
 * (Efron and Morris, "Stein's Estimator and Its Competitors", JASA 1973: pooled shares are nearer the truth than own ones.)
 *
 * @param observed how many of `answers` were so
 * @param share everybody's, 0..1
 */
export function pooledShare(observed: number, answers: number, share: number): number {
  return (observed + POOLED * share) / (answers + POOLED);
}
