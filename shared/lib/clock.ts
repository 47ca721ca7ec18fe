/**
 * The deployment's clock. Deadlines, rounds, delays and stored business times use it; tokens, pings and measured
 * latencies use wall time. At `rate` 60 one wall second is one minute of the deployment.
 */
export interface Clock {
  /** Deployment time, epoch milliseconds. */
  nowMs(): number;
  /** Deployment milliseconds that pass in one wall millisecond, > 0. */
  readonly rate: number;
  /**
   * Calls `task` once after `delayMs` of deployment time; the answer cancels it. A hint only: what must happen is a
   * deadline column and a sweeper.
   */
  after(delayMs: number, task: () => void): () => void;
}
