import type { StreetClass, Vehicle } from "#shared/domain/city/city.ts";

/**
 * Every number of the twin that is a choice. None is measured in a real city: they are set so that a day has peaks, rain
 * costs time, kitchens are busy and people are people. Times are minutes, shares are of 1.
 */

/** Orders by hour of the local day; weekdays from Sunday. Lunch and a higher evening, later and more at the weekend. */
export const DEMAND_BY_HOUR = [
  0.5, 0.25, 0.1, 0.05, 0.05, 0.1, 0.2, 0.35, 0.5, 0.55, 0.7, 1.2, 2, 2.1, 1.4, 0.9, 0.8, 0.9, 1.2, 1.9, 2.8, 2.7, 1.8,
  1,
] as const;
export const DEMAND_BY_WEEKDAY = [1.25, 0.8, 0.85, 0.9, 1, 1.25, 1.3] as const;
/** Rain keeps people in: how many times as many orders in the heaviest. */
export const DEMAND_IN_RAIN = 1.35;
/** A restaurant this far away is chosen 1/e as often, metres. */
export const DISTANCE_DECAY_M = 1_400;
/** How unequally liked restaurants are: the spread of the logarithm. */
export const POPULARITY_SIGMA = 0.7;

export interface CuisineTraits {
  /** Cooking the first dish, and each further one. */
  readonly firstMin: number;
  readonly nextMin: number;
  /** How liked in the morning (to 11), at noon (to 16), in the afternoon (to 19) and in the evening. */
  readonly liked: readonly [number, number, number, number];
}
const ANY: CuisineTraits = { firstMin: 12, nextMin: 1.6, liked: [0.3, 1, 0.5, 1] };
const CUISINES: Readonly<Record<string, CuisineTraits>> = {
  pizza: { firstMin: 12, nextMin: 1.2, liked: [0.1, 0.9, 0.5, 1.8] },
  burger: { firstMin: 9, nextMin: 1.2, liked: [0.1, 1.2, 0.6, 1.5] },
  sushi: { firstMin: 17, nextMin: 2.2, liked: [0, 0.7, 0.3, 1.3] },
  barbecue: { firstMin: 20, nextMin: 2, liked: [0, 1.2, 0.3, 1.2] },
  steak_house: { firstMin: 20, nextMin: 2, liked: [0, 1.1, 0.2, 1.2] },
  coffee_shop: { firstMin: 5, nextMin: 1, liked: [1.8, 0.7, 1.6, 0.2] },
  cafe: { firstMin: 6, nextMin: 1, liked: [1.8, 0.8, 1.5, 0.3] },
  ice_cream: { firstMin: 4, nextMin: 0.5, liked: [0.1, 0.6, 1.3, 1] },
  sandwich: { firstMin: 7, nextMin: 1.2, liked: [0.7, 1.3, 0.8, 0.7] },
  chicken: { firstMin: 11, nextMin: 1.2, liked: [0, 1.1, 0.4, 1.1] },
};

/** By OpenStreetMap's cuisine or kind of place, or any other word: what is not listed cooks like most. */
export function traitsOf(cuisine: string): CuisineTraits {
  return CUISINES[cuisine.toLowerCase()] ?? ANY;
}

export const KITCHEN = {
  /** Orders at once that slow nobody down: from, to. */
  capacity: [3, 9],
  /** Each order beyond makes the next so much slower. */
  slowdown: 0.07,
  speedSigma: 0.15,
  dishSigma: 0.28,
  /** Answers after a median of seconds. */
  answerS: 25,
  answerSigma: 0.7,
  /** Of capacity: stops taking orders, and takes them again. */
  pauseAt: 3,
  resumeAt: 1.5,
  /** Shares of orders: not taken, never answered. */
  rejects: 0.008,
  rejectsWhenBusy: 0.05,
  overlooks: 0.002,
  /** Kitchens differ in how often ready food is said to be late: the most forgetful. */
  forgetsUpTo: 0.25,
  forgetsMin: 4,
  forgetsSigma: 0.5,
  /** What is said is the usual time, made this much shorter or longer by nature of the house. */
  optimismSigma: 0.12,
} as const;
export const REJECT_REASONS = [
  "An ingredient has run out",
  "The oven is out of order",
  "We are closing early",
] as const;
export const BUSY_REASON = "Too many orders at the moment";

/** The mix on the streets. */
export const VEHICLE_MIX: readonly (readonly [Vehicle, number])[] = [
  ["motorbike", 0.6],
  ["bicycle", 0.28],
  ["car", 0.09],
  ["foot", 0.03],
];

export const COURIER = {
  speedSigma: 0.09,
  /** Thinks about an offer for a median of seconds. */
  answerS: 6,
  answerSigma: 0.5,
  /** Seconds at a door before and after the food changes hands: medians. */
  beforePickupS: 50,
  afterPickupS: 35,
  beforeDropS: 75,
  afterDropS: 25,
  doorSigma: 0.45,
  /** Declines: always a few, more when it is far for the vehicle, more when it is paid below the usual; moods differ. */
  declines: 0.03,
  declinesFar: 0.25,
  declinesCheap: 0.2,
  moodSigma: 0.6,
  wrongTurns: 0.03,
  wrongTurnM: [80, 260],
  /** With nothing to do, minutes until one looks for a better place to wait, near some kitchen. */
  roamMin: [1, 7],
  /** Of the suggestions to wait elsewhere this share is followed. */
  follows: 0.7,
  /** Working hours, and the pause between two. */
  shiftMin: [150, 330],
  pauseMin: [8, 25],
} as const;
/** Where far begins, metres of way. */
export const REACH_M: Readonly<Record<Vehicle, number>> = { car: 8_000, motorbike: 7_000, bicycle: 3_500, foot: 1_500 };

export const CUSTOMER = {
  /** Shares of orders: thinks better of it while the kitchen has not begun; the first card is refused. */
  cancels: 0.015,
  cancelAfterS: 40,
  badCard: 0.01,
  tips: 0.3,
} as const;

export const PHONE = {
  /** Standard error of a fix under a good sky, metres: from, to by phone. */
  errorM: [2.5, 7],
  /** Between high houses it is so many times as large; this share of the city's blocks is such. */
  canyonTimes: 3.5,
  canyonShare: 0.12,
  canyonSideM: 150,
  /** How long an error stays, seconds: it wanders, it does not jump. */
  wanderS: 15,
  /** A chance in an hour: battery dead, no network; and for how many minutes. */
  deadAnHour: 0.03,
  deadMin: [3, 11],
  noNetworkAnHour: 0.15,
  noNetworkMin: [0.4, 3],
} as const;

/** Free ways, km/h; a signed limit below counts. */
export const MOTOR_KMH: Readonly<Record<StreetClass, number>> = {
  motorway: 80,
  trunk: 65,
  primary: 45,
  secondary: 40,
  tertiary: 35,
  unclassified: 30,
  residential: 27,
  living_street: 14,
  service: 15,
  pedestrian: 6,
  track: 14,
  cycleway: 12,
  footway: 5,
  path: 6,
  steps: 3,
};
export const BICYCLE_KMH = 15.5;
export const WALK_KMH = 5;
/** Of the free speed, cars at each hour of the local day; motorbikes lose half as much, others nothing. */
export const TRAFFIC_BY_HOUR = [
  1, 1, 1, 1, 1, 0.98, 0.92, 0.78, 0.7, 0.76, 0.8, 0.78, 0.74, 0.74, 0.78, 0.77, 0.72, 0.64, 0.62, 0.7, 0.8, 0.86, 0.92,
  0.97,
] as const;
/** Main roads fill more than side streets do. */
export const MAIN_ROADS_FILL = 1.25;
/** Of the speed, in the heaviest rain. */
export const SPEED_IN_RAIN: Readonly<Record<Vehicle, number>> = {
  car: 0.88,
  motorbike: 0.8,
  bicycle: 0.78,
  foot: 0.95,
};
/** Lights and crossings: lost at every street that is left for another, seconds. */
export const CROSSING_S: Readonly<Record<Vehicle, number>> = { car: 3.5, motorbike: 2.5, bicycle: 2, foot: 1.5 };

/** Rain in a day: chance of a spell in each six hours, and how long it lasts. */
export const RAIN = { spellChance: 0.22, spellMin: [25, 200] } as const;
