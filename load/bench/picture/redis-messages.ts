import { writeFileSync } from "node:fs";
import { setTimeout as after } from "node:timers/promises";
import { parseArgs } from "node:util";

import { connectRedis, type RedisClient } from "#shared/server/redis/connect.ts";

import { closeSide, openSide, settledCountsOf, startCrowd, withServices, type Side } from "./processes.ts";

const USAGE =
  "npm run bench:redis-messages -- [--hubs 6] [--couriers 100] [--seconds 60] [--traces FILE] [--json FILE]";

/** Of one scene; all for a position that a hub has taken from a phone. */
interface Scene {
  /** Calls of SPUBLISH, whatever for. */
  readonly published: number;
  /** Positions that Redis gave hubs. */
  readonly delivered: number;
  readonly positions: number;
}

/** What `--json` writes down. */
export interface RedisMessages {
  /** Published, while zones are watched as well. */
  readonly redisMessagesPerPosition: number;
  readonly hubs: number;
  /** Every courier's order watched at one hub. */
  readonly ordersWatched: Scene;
  /** And all zones by an operator at another hub than most of them. */
  readonly ordersAndZonesWatched: Scene;
}

interface Asked {
  readonly hubs: number;
  readonly couriers: number;
  readonly seconds: number;
  readonly traces: string | undefined;
}

function readArgs(): { asked: Asked; json: string | undefined } {
  const text = (value: string) => ({ type: "string", default: value }) as const;
  const { values } = parseArgs({
    options: {
      hubs: text("6"),
      couriers: text("100"),
      seconds: text("60"),
      traces: { type: "string" },
      json: { type: "string" },
    },
  });
  const [hubs, couriers, seconds] = [values.hubs, values.couriers, values.seconds].map(Number);
  if (!(hubs && couriers && seconds) || Math.min(hubs, couriers, seconds) <= 0) throw new Error(USAGE);
  return { asked: { hubs, couriers, seconds, traces: values.traces }, json: values.json };
}

async function measure(asked: Asked): Promise<RedisMessages> {
  const { hubs, couriers, seconds, traces } = asked;
  return await withServices(couriers, async (where) => {
    const redis = connectRedis(where.redisUrl, "events", "bench-redis", () => {});
    const side = await openSide({ kind: "ours", ...where }, { hubs, couriers, traces, watchersEach: 1 });
    try {
      // Couriers come on duty: each is announced in their zone.
      await ride(side, seconds / 2);
      const ordersWatched = await playScene(redis, side, seconds);
      const operators = await startCrowd("operators.ts", side.crowd);
      // The zones ask who is there, and are told.
      await ride(side, seconds);
      const ordersAndZonesWatched = await playScene(redis, side, seconds);
      operators.disconnect();
      return { redisMessagesPerPosition: ordersAndZonesWatched.published, hubs, ordersWatched, ordersAndZonesWatched };
    } finally {
      closeSide(side);
      redis.disconnect();
    }
  });
}

async function ride({ phones }: Side, seconds: number): Promise<void> {
  phones.send("go");
  await after(seconds * 1000);
  phones.send("stand");
}

async function playScene(redis: RedisClient, side: Side, seconds: number): Promise<Scene> {
  const before = { ...(await settledCountsOf(side)), published: await publishedOn(redis) };
  await ride(side, seconds);
  const now = { ...(await settledCountsOf(side)), published: await publishedOn(redis) };
  const positions = now.motions - before.motions;
  const each = (what: "published" | "arrived") => Math.round((100 * (now[what] - before[what])) / positions) / 100;
  return { published: each("published"), delivered: each("arrived"), positions };
}

/** Calls of SPUBLISH since Redis began. */
async function publishedOn(redis: RedisClient): Promise<number> {
  const stats = String(await redis.call("INFO", "commandstats"));
  return Number(/cmdstat_spublish:calls=(\d+)/u.exec(stats)?.[1] ?? 0);
}

const { asked, json } = readArgs();
const text = `${JSON.stringify(await measure(asked), null, 2)}\n`;
process.stdout.write(text);
if (json !== undefined) writeFileSync(json, text);
