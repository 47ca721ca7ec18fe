import { DEFAULT_SETTINGS, type RoundSettings } from "#shared/domain/dispatch/round.ts";

import type { WorkerConfig } from "./worker-config.ts";

/**
 * What rounds go by, as a worker is told: the service at both doors counts half before the food changes hands and half after,
 * and whoever is asked next after a refusal is asked when the offer is over and a round has come.
 */
export function roundSettingsFrom(
  config: Pick<
    WorkerConfig,
    "PICKUP_SERVICE_S" | "DROPOFF_SERVICE_S" | "ROUND_EVERY_MS" | "OFFER_LIFE_MS" | "MOVES_AT_ONCE"
  >,
): RoundSettings {
  const half = (seconds: number) => Math.round(seconds * 500);
  return {
    ...DEFAULT_SETTINGS,
    handover: {
      beforePickupMs: half(config.PICKUP_SERVICE_S),
      afterPickupMs: half(config.PICKUP_SERVICE_S),
      beforeDropMs: half(config.DROPOFF_SERVICE_S),
      afterDropMs: half(config.DROPOFF_SERVICE_S),
    },
    roundMs: config.ROUND_EVERY_MS,
    refusal: { ...DEFAULT_SETTINGS.refusal, delayMs: config.OFFER_LIFE_MS + config.ROUND_EVERY_MS },
    moves: { ...DEFAULT_SETTINGS.moves, perRound: config.MOVES_AT_ONCE },
  };
}
