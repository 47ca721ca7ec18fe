/** How the sentences about a courier begin, and what a courier is in them: the office reads them under the name, a courier is spoken to. [DSP69] */
export interface Voice {
  readonly couldHave: string;
  readonly isFree: string;
  readonly isBusy: string;
  readonly isTooFar: string;
  readonly declined: string;
  readonly had: string;
  readonly hasRoomFor: (orders: number) => string;
  readonly shiftEnds: string;
  readonly accepts: string;
  /** The courier within a sentence. */
  readonly thisOne: string;
  readonly thisCourier: string;
  readonly needNotLeave: string;
}

export const TO_OFFICE: Voice = {
  couldHave: "Could have",
  isFree: "Free",
  isBusy: "Busy",
  isTooFar: "Too far",
  declined: "Declined",
  had: "Had",
  hasRoomFor: (orders) => `Has no room: carries ${orders} at a time`,
  shiftEnds: "The shift ends",
  accepts: "Accepts such an offer",
  thisOne: "this one",
  thisCourier: "this courier",
  needNotLeave: "Nobody has to leave yet.",
};

export const TO_COURIER: Voice = {
  couldHave: "You could have",
  isFree: "You are free",
  isBusy: "You are busy",
  isTooFar: "You are too far away",
  declined: "You declined",
  had: "You had",
  hasRoomFor: (orders) => `You have no room: you carry ${orders} at a time`,
  shiftEnds: "Your shift ends",
  accepts: "You are taken to accept such an offer",
  thisOne: "you",
  thisCourier: "you",
  needNotLeave: "The plan counts on you; you need not leave yet, and the offer comes when it is time.",
};
