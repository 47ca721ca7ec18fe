/** How brisk everybody is: 1 is a city, less is quicker. A demonstration shows a whole order in a short while. */
export interface Pace {
  /** Of cooking, and of what the kitchen says. */
  readonly cooking: number;
  /** Of answering, thinking and standing at doors. */
  readonly people: number;
  /** Of how far away people order from. */
  readonly reach: number;
}

export const CITY_PACE: Pace = { cooking: 1, people: 1, reach: 1 };
