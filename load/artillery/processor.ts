/** What the scenarios call by name (`function:`, `afterResponse:`); Artillery loads it through processor.mjs. */
export { arrive, chooseRestaurant, fillBasket, readSecret, track } from "./play/customer.ts";
export { takeCourier, workShift } from "./play/courier.ts";
export { cook, takeKitchen } from "./play/kitchen.ts";
export { rideOutStorm } from "./play/storm.ts";
export { mustBeAnswered } from "./play/virtual-user.ts";
