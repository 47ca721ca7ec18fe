import { learnedBeliefs } from "#shared/domain/eta/learned/learned-beliefs.ts";
import { priorBeliefs, type EtaBeliefs, type EtaPriors } from "#shared/domain/eta/parts.ts";
import { makeLocalClock } from "#shared/domain/restaurant/opening-hours.ts";
import { eachAlone } from "#shared/lib/each-alone.ts";

import type { Db } from "../db/connect.ts";
import type { Choice } from "../db/version-store.ts";
import type { Log } from "../log.ts";
import type { RedisClient } from "../redis/connect.ts";
import { MODEL_FORMAT, parseModels } from "./model-format.ts";
import { etaVersions } from "./model-store.ts";

/** Wall ms from one look at the choices to the next: within this time a decision holds in every process. */
export const LOOK_EVERY_MS = 3_000;
const CACHED_S = 24 * 3_600;

export interface Believed {
  /** What this process believes of a market's times just now. */
  of(marketId: string): EtaBeliefs;
  /** Looks at what is chosen, and brings what is new of it. What cannot be brought leaves what is known in force. */
  refresh(): Promise<void>;
}

export interface BelievedDeps {
  readonly db: Db;
  readonly redis: Pick<RedisClient, "get" | "set">;
  readonly priors: EtaPriors;
  readonly log: Pick<Log, "info" | "warn">;
}

/**
 * The models that are in force, market by market. Postgres says which version; the version's models come from Redis, under a
 * key that names the version, or from Postgres, and then stand in Redis for the others. While Postgres is away the last
 * known ones go on; at the beginning that is the priors. [ETA21]
 */
export function makeBelieved({ db, redis, priors, log }: BelievedDeps): Believed {
  const nothing = priorBeliefs(priors);
  const known = new Map<string, EtaBeliefs>();
  /** Versions that this process cannot read: of another format, while processes of two kinds are up. */
  const unread = new Map<string, number>();

  async function bring({ marketId, version, timeZone }: Choice): Promise<void> {
    const now = known.get(marketId) ?? nothing;
    if (now.version === (version ?? 0)) return;
    if (version === null) known.delete(marketId);
    else {
      if (unread.get(marketId) === version) return;
      const models = await modelsOf({ db, redis }, marketId, version);
      if (!models) {
        unread.set(marketId, version);
        log.warn(
          { marketId, version, format: MODEL_FORMAT },
          "models that cannot be read; what was known stays in force",
        );
        return;
      }
      known.set(marketId, learnedBeliefs(version, models, priors, makeLocalClock(timeZone)));
    }
    log.info({ marketId, version }, "the market's times come from another version");
  }

  return {
    of: (marketId) => known.get(marketId) ?? nothing,
    refresh: async () => {
      const choices = await etaVersions.readChoices(db.orm);
      await eachAlone(choices, bring);
    },
  };
}

async function modelsOf({ db, redis }: Pick<BelievedDeps, "db" | "redis">, marketId: string, version: number) {
  const key = `eta-models/${MODEL_FORMAT}/${marketId}/${version}`;
  const cached = await cachedModels(redis, key);
  if (cached) return cached;
  const stored = await etaVersions.readModels(db.orm, marketId, version);
  const models = stored === undefined ? undefined : readModels(stored);
  if (!models) return undefined;
  // Redis may be away: the next process asks Postgres as this one did.
  await redis.set(key, JSON.stringify(stored), "EX", CACHED_S).catch(() => undefined);
  return models;
}

/** What this process cannot read is none, however it came there: it is complained of once, not at each look. [ETA21] */
function readModels(stored: unknown) {
  try {
    return parseModels(stored);
  } catch {
    return undefined;
  }
}

/** A copy that is missing, cut off or not ours is none. */
async function cachedModels(redis: BelievedDeps["redis"], key: string) {
  try {
    const text = await redis.get(key);
    return text === null ? undefined : parseModels(JSON.parse(text));
  } catch {
    return undefined;
  }
}
