import type { Point } from "../geo/point.ts";
import type { Vehicle } from "../city/city.ts";
import type { Router } from "../router/router.ts";
import type { Refusal } from "./refusals/refusal-model.ts";
import type { FairnessSettings, LateSettings, MoveSettings, RefusalSettings, Shortage } from "./term-settings.ts";

/** A delivery that has no courier yet. */
export interface OpenDelivery {
  readonly id: string;
  readonly orderId: string;
  readonly restaurantId: string;
  readonly pickup: Point;
  readonly drop: Point;
  readonly placedAtMs: number;
  /** When the food will be ready, as well as it is known now. */
  readonly readyAtMs: number;
  /** When it will be ready in nine cases of ten. Absent: it is certain when. */
  readonly readyLateAtMs?: number;
  /** The kitchen has not said when, or what it said has passed: the time is a guess. */
  readonly isUnsaid?: true;
  /** Couriers who declined it, let it expire, or may not have it. */
  readonly excludedCourierIds: readonly string[];
  /** 0 is ordinary; each step more counts the delivery's delay once more. Whole, >= 0. */
  readonly priority: number;
}

/** What a courier is on the way to fetch. It may grow until the food is in hand. */
export interface OnTheWay {
  readonly restaurantId: string;
  readonly pickup: Point;
  /** When the courier can have the food in hand, the way in included, were it ready. */
  readonly arriveAtMs: number;
  readonly deliveries: readonly CarriedDelivery[];
}

export type CarriedDelivery = Pick<
  OpenDelivery,
  "id" | "drop" | "placedAtMs" | "readyAtMs" | "readyLateAtMs" | "isUnsaid" | "priority"
>;

export interface RoundCourier {
  readonly id: string;
  readonly point: Point;
  /** When the courier will have ended what is in hand or accepted; at most `nowMs` when free; the shift's start when it is to come. */
  readonly freeAtMs: number;
  /** Where that will be. */
  readonly freePoint: Point;
  readonly onTheWay?: OnTheWay;
  /** The last moment to take food over; work in hand is always finished. */
  readonly shiftEndsAtMs: number;
  /** Offers that wait for this person's answer. Nobody is asked twice at a time. */
  readonly activeOfferCount: number;
  /** Deliveries that this courier can carry at a time. */
  readonly capacity: number;
  /** Whose ways the router is asked for; absent: the router's own. */
  readonly vehicle?: Vehicle;
  /** Absent: nothing was learned of how offers are answered, and everybody is taken to accept. */
  readonly refusal?: Refusal;
  /** Deliveries of this shift beyond an equal share, in thousandths, whole; below 0 for fewer. Absent: as many as others. */
  readonly aheadPermille?: number;
  /** Where it was asked to wait and may be on the way to: it counts as being there soon, and is not asked anew. */
  readonly askedTo?: Point;
  /** Does not want to be asked to wait elsewhere. */
  readonly stays?: boolean;
}

/** Where orders are to be expected. */
export interface Demand {
  readonly restaurantId: string;
  readonly pickup: Point;
  readonly ordersPerHour: number;
  /** How long its kitchen usually takes from the placing to ready. */
  readonly prepMs: number;
}

/** An idle courier is asked to wait at a restaurant where orders are to be expected. */
export interface Move {
  readonly courierId: string;
  readonly restaurantId: string;
  readonly point: Point;
  readonly wayMs: number;
}

export interface RoundInput {
  readonly nowMs: number;
  readonly deliveries: readonly OpenDelivery[];
  readonly couriers: readonly RoundCourier[];
  readonly router: Router;
  /** Click-to-door within which most of the market's orders of the day so far have come. Absent: too few have, and `targetMs` serves. */
  readonly usualMs?: number;
  /** Given in the rounds in which moves are looked for. Absent: nobody is moved. */
  readonly demand?: readonly Demand[];
}

/** What a trip costs, in its parts. Times in milliseconds; `cost` in weighted milliseconds. All are whole numbers. */
export interface TripNumbers {
  readonly leaveAtMs: number;
  readonly arriveAtMs: number;
  readonly pickupAtMs: number;
  readonly endAtMs: number;
  readonly travelMs: number;
  readonly idleMs: number;
  /** Summed over the deliveries: hand-over later than the food and the way alone would allow. */
  readonly delayMs: number;
  /** Summed over the deliveries: hand-over past what is usual, each up to a bound. */
  readonly lateMs: number;
  readonly cost: number;
}

export interface WeighedCourier extends TripNumbers {
  readonly courierId: string;
}

export interface Commit {
  readonly courierId: string;
  readonly restaurantId: string;
  /** In drop-off order. For an addition: all that the courier will carry, what was there before included. */
  readonly deliveryIds: readonly string[];
  /** The ones of them that are new to the courier. */
  readonly addedIds: readonly string[];
  readonly kind: "trip" | "addition";
  readonly numbers: TripNumbers;
  /** The best of the couriers weighed for these deliveries, cheapest first; the chosen one is always among them. */
  readonly weighed: readonly WeighedCourier[];
}

export type HoldReason = "beyond-horizon" | "no-candidate" | "outweighed" | "courier-busy" | "not-yet";

/** A delivery that waits, and why. Waiting is a decision. */
export interface Hold {
  readonly deliveryId: string;
  readonly reason: HoldReason;
  /** The courier that the plan counts on, when there is one. */
  readonly courierId?: string;
  readonly deliveryIds?: readonly string[];
  readonly numbers?: TripNumbers;
}

export interface RoundPlan {
  readonly version: string;
  readonly nowMs: number;
  readonly settings: RoundSettings;
  readonly commits: readonly Commit[];
  readonly holds: readonly Hold[];
  readonly moves: readonly Move[];
  readonly stats: {
    readonly components: number;
    readonly rows: number;
    readonly edges: number;
    readonly merges: number;
  };
}

/** Minutes at the door are people's, not the router's. */
export interface Handover {
  readonly beforePickupMs: number;
  readonly afterPickupMs: number;
  readonly beforeDropMs: number;
  readonly afterDropMs: number;
}

/** Whole numbers; the unit of cost is one weighted millisecond. */
export interface CostWeights {
  readonly delay: number;
  /** Of delay once more for each whole minute since the order was placed: who has waited long does not wait behind each newer order. */
  readonly waited: number;
  /** Of the first time past what is usual, see {@link LateSettings}. */
  readonly late: number;
  readonly travel: number;
  readonly idle: number;
  /** Of a courier's time within the shift, while couriers are short. */
  readonly bound: number;
}

export interface RoundSettings {
  readonly handover: Handover;
  readonly weights: CostWeights;
  /** Deliveries ready later than this are not planned yet. */
  readonly horizonMs: number;
  /** Time from one round to the next. */
  readonly roundMs: number;
  /** From the commit to the courier's leaving: the offer's way and the person's answer. */
  readonly leadMs: number;
  /** Click-to-door past which an order is late, while the day has not shown what is usual. */
  readonly targetMs: number;
  readonly late: LateSettings;
  /** A delivery that gets no courier in this plan is reckoned to be fetched this much later. */
  readonly deferMs: number;
  /** The same where nobody can come within that time: who is far is better than nobody. */
  readonly farMs: number;
  readonly shortage: Shortage;
  /** For that, a courier counts as one who has so much of the shift left when free; who has less, as the share. */
  readonly wholeCourierMs: number;
  /**
   * The same for what is risked on food of which the kitchen has not said when: sooner, because couriers who wait for it are
   * free later than planned.
   */
  readonly riskShortage: Shortage;
  /** While couriers are short: the share of how late food may become that a courier is planned to come later. */
  readonly patience: number;
  /** The same share as the delay of others, who wait for a courier that waits for food. */
  readonly boundRisk: number;
  /** What it costs, as delay, when the courier's shift may end before the food is ready: then it is looked for a courier anew. */
  readonly givenBackMs: number;
  /**
   * While the kitchen has not said when: the share of its usual time after which couriers are planned to be there. Below 1,
   * because a courier who waits costs less than food that waits.
   */
  readonly readyGuess: number;
  /** Food that goes together waits for the latest: this share of how late it may become counts as the delay of each. */
  readonly bundleRisk: number;
  readonly refusal: RefusalSettings;
  readonly fairness: FairnessSettings;
  /** Deliveries in one trip, at most. */
  readonly maxBundle: number;
  /** What a bundle must save to be made, weighted milliseconds: small gains are not worth a promise. */
  readonly bundleGain: number;
  /** Rows of a component that may be solved again for the sake of bundles; the assignment itself is never cut. */
  readonly mergeEffort: number;
  readonly moves: MoveSettings;
  readonly candidates: { readonly res: number; readonly enough: number; readonly maxRings: number };
}

/** The settings as a round reckons by them: `targetMs` is what is usual that day, where that is known. */
export interface RoundTerms extends RoundSettings {
  readonly nowMs: number;
}

/** The version of the function: raise it with every change that may change a plan. */
export const DISPATCH_VERSION = "10";

const MINUTE_MS = 60_000;

export const DEFAULT_SETTINGS: RoundSettings = {
  handover: {
    beforePickupMs: 2 * MINUTE_MS,
    afterPickupMs: 2 * MINUTE_MS,
    beforeDropMs: 2 * MINUTE_MS,
    afterDropMs: 2 * MINUTE_MS,
  },
  weights: { delay: 1000, waited: 10, late: 2000, travel: 100, idle: 20, bound: 1000 },
  horizonMs: 40 * MINUTE_MS,
  roundMs: MINUTE_MS,
  leadMs: 0,
  targetMs: 40 * MINUTE_MS,
  late: { usualPercent: 85, fewestOrders: 20, mostMs: 6 * MINUTE_MS },
  deferMs: 60 * MINUTE_MS,
  farMs: 180 * MINUTE_MS,
  shortage: { from: 0.5, full: 1.5 },
  wholeCourierMs: 30 * MINUTE_MS,
  riskShortage: { from: 0.3, full: 0.8 },
  patience: 0.3,
  boundRisk: 1,
  givenBackMs: 20 * MINUTE_MS,
  readyGuess: 0.6,
  bundleRisk: 0.3,
  refusal: { weight: 1000, delayMs: MINUTE_MS + MINUTE_MS / 2, mostPermille: 500 },
  fairness: { weight: 1000, perDeliveryMs: MINUTE_MS / 4, mostDeliveries: 4 },
  maxBundle: 4,
  bundleGain: 0,
  mergeEffort: 1_000,
  moves: {
    everyMs: 3 * MINUTE_MS,
    perRound: 6,
    mostPlanned: 500,
    horizonMs: 20 * MINUTE_MS,
    wayWeight: 0.02,
    takenShare: 0.3,
    underWayShare: 0.5,
    mostWayMs: 30 * MINUTE_MS,
    places: 300,
    targets: 24,
  },
  candidates: { res: 8, enough: 48, maxRings: 64 },
};
