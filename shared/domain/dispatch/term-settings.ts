/* Settings of single terms of a plan's cost; all of them together are `RoundSettings`. */

/** What it is worth that an offer is accepted. */
export interface RefusalSettings {
  /** Of each millisecond of {@link RefusalSettings.delayMs} that is to be expected; whole, 0 for none. */
  readonly weight: number;
  /** How much later the next courier is asked when one has refused: the offer's life and a round. */
  readonly delayMs: number;
  /** Nobody is taken to refuse more often than this: who did so is behind others by no more, and goes on getting offers. */
  readonly mostPermille: number;
}

/** How much of waiting it is worth that couriers get equal shares of the work. */
export interface FairnessSettings {
  /** Of each millisecond that follows from the two below; whole, 0 for none. */
  readonly weight: number;
  /** So much does each delivery beyond an equal share count. */
  readonly perDeliveryMs: number;
  /** Nobody counts as further ahead than this. */
  readonly mostDeliveries: number;
}

/** From when on an order is late, by how long the market's others take. */
export interface LateSettings {
  /** So many of a hundred of the market's orders of the day so far came within what is usual. */
  readonly usualPercent: number;
  /** Of fewer orders nothing is usual yet. */
  readonly fewestOrders: number;
  /** More than this past it costs no more: what can no longer be brought in time takes no courier from what still can. */
  readonly mostMs: number;
}

/** When idle couriers are asked to wait elsewhere. */
export interface MoveSettings {
  /** Moves are looked for once in this time, also while nothing is open. */
  readonly everyMs: number;
  /** Moves at a time, at most; 0 for none. */
  readonly perRound: number;
  /** While more deliveries than this are planned, orders are where couriers are, and a look would hold them up. */
  readonly mostPlanned: number;
  /** Orders of this time ahead are counted. */
  readonly horizonMs: number;
  /** Minutes of expected waiting that a minute of way has to save. */
  readonly wayWeight: number;
  /** The chance that the soonest courier will be taken by another order. */
  readonly takenShare: number;
  /** How much of its own way delays a mover, who may be called back under way. */
  readonly underWayShare: number;
  readonly mostWayMs: number;
  /** Restaurants looked at, those with the most orders; and of these the ones that a move may go to, those with the most waiting. */
  readonly places: number;
  readonly targets: number;
}

/** Open deliveries for each courier at which couriers begin to be short, and at which they are. */
export interface Shortage {
  readonly from: number;
  readonly full: number;
}
