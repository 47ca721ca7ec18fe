import { createHash } from "node:crypto";

import { Queue } from "bullmq";
import { Redis } from "ioredis";

import { DISPATCH_QUEUES, JOBS, LEARNING_QUEUE, type JobName } from "#shared/contracts/jobs.ts";

import type { Log } from "../log.ts";

/** Tells queues what is owed. A hint that is lost costs time, never work: rows are swept. */
export interface Queues {
  hintJob(job: {
    readonly marketId: string;
    readonly id: string;
    readonly name: JobName;
    readonly delayMs: number;
  }): void;
  /** A round of the market is wanted; several at once become one. */
  hintRound(marketId: string): void;
  /** Times are learned so often, wall ms, by whichever worker is free. Said again, or by several, it is one repeated job. */
  scheduleLearning(everyMs: number): Promise<void>;
  close(): Promise<void>;
}

/** A market's rounds always go through the same one of the fixed queues. */
export function dispatchQueueOf(marketId: string): string {
  return `dispatch-${createHash("sha256").update(marketId).digest().readUInt32BE(0) % DISPATCH_QUEUES}`;
}

/** A connection for queues: while Redis is away a hint fails at once instead of waiting in memory. */
export function connectQueueRedis(url: string, use: "produce" | "consume", onError: (error: Error) => void): Redis {
  const redis = new Redis(url, {
    maxRetriesPerRequest: use === "consume" ? null : 1,
    enableOfflineQueue: use === "consume",
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 6), 2_000),
  });
  redis.on("error", onError);
  return redis;
}

/** @param rate deployment ms in a wall ms: queues count wall time */
export function makeQueues(url: string, rate: number, log: Pick<Log, "warn">): Queues {
  const onError = (error: Error) => log.warn({ error: error.message }, "queue redis");
  const connection = connectQueueRedis(url, "produce", onError);
  const queues = new Map<string, Queue>();
  const queue = (name: string): Queue => {
    const known = queues.get(name);
    if (known) return known;
    const made = new Queue(name, { connection, skipVersionCheck: true });
    made.on("error", onError);
    queues.set(name, made);
    return made;
  };
  const add = (
    name: string,
    job: string,
    data: object,
    options: { jobId: string; delay?: number; attempts?: number },
  ) => {
    void queue(name)
      .add(job, data, { removeOnComplete: true, removeOnFail: true, ...options })
      .catch(onError);
  };
  return {
    hintJob: ({ marketId, id, name, delayMs }) => {
      const row = JOBS[name];
      // One attempt: the row's sweeper tries again, with the row's own back-off.
      add(row.queue, name, { marketId, id }, { jobId: id, delay: Math.ceil(delayMs / rate), attempts: 1 });
    },
    // The same id while one waits: a storm of events asks for one round.
    hintRound: (marketId) => add(dispatchQueueOf(marketId), "round", { marketId }, { jobId: `round-${marketId}` }),
    scheduleLearning: async (everyMs) => {
      const job = { name: "learn", opts: { removeOnComplete: true, removeOnFail: true, attempts: 1 } };
      await queue(LEARNING_QUEUE).upsertJobScheduler("learn", { every: everyMs }, job);
    },
    close: async () => {
      await Promise.allSettled([...queues.values()].map((each) => each.close()));
      connection.disconnect();
    },
  };
}
