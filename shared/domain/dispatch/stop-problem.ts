/** Stops that one person has to visit, each once, from where the person is. */
export interface StopProblem {
  /**
   * The ways, row by row, whole numbers >= 0: entry `from * (n + 1) + to`. 0 is the start and i + 1 is stop i. Nothing is
   * ridden after the last stop.
   */
  readonly ways: ArrayLike<number>;
  /** For each stop the one that has to come before it, a drop-off's pick-up; -1 for none. */
  readonly after: readonly number[];
  /**
   * What each unit of way costs beyond itself until the stop is reached, whole numbers >= 0: a way then counts
   * `perWay + (urgencies of all stops not yet reached)` times. All 0 for the shortest route.
   */
  readonly urgency: readonly number[];
  readonly perWay: number;
}

/** A route so far, and what it costs. */
export interface SomeRoute {
  readonly order: readonly number[];
  readonly cost: number;
}
