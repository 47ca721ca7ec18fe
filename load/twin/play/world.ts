import type { LocalClock } from "#shared/domain/restaurant/opening-hours.ts";

import { decisionsOf, type Decide } from "../world/chance.ts";
import { localTimeIn } from "../world/local-time.ts";
import type { Pace } from "../world/pace.ts";
import type { Ways } from "../world/ways.ts";
import { weatherOf, type Weather } from "../world/weather.ts";

/** Everything that the people of a twin live in. */
export interface World {
  readonly decide: Decide;
  readonly local: LocalClock;
  readonly weather: Weather;
  readonly ways: Ways;
  readonly pace: Pace;
}

export function makeWorld(options: {
  readonly seed: number;
  /** IANA name. */
  readonly timeZone: string;
  readonly ways: Ways;
  readonly pace: Pace;
}): World {
  const decide = decisionsOf(options.seed);
  const { ways, pace } = options;
  return { decide, ways, pace, local: localTimeIn(options.timeZone), weather: weatherOf(decide) };
}
