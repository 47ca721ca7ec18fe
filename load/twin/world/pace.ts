/** How brisk everybody is: 1 is a city, less is quicker. A demonstration shows a whole order in a short while. */
export interface Pace {
  /** Of cooking, and of what the kitchen says. */
  readonly cooking: number;
  /** Of answering, thinking and standing at doors. */
  readonly people: number;
  /** Of how far away people order from. */
  readonly reach: number;
}

/** @param pace 1 is a city; 0.5 cooks and answers in half the time, and orders from half as far */
export function paceOf(pace: number): Pace {
  return { cooking: pace, people: pace, reach: Math.min(1, pace) };
}

export const CITY_PACE: Pace = paceOf(1);
