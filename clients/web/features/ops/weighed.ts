/** A courier whom dispatch weighed for a delivery, with the numbers that decided. */
export interface Weighed {
  readonly courierId: string;
  readonly chosen: boolean;
  /** On the road, the courier's waiting for the food, and the food's waiting for the courier. */
  readonly travelMs: number;
  readonly idleMs: number;
  readonly delayMs: number;
  readonly cost: number;
}

/** The couriers weighed in an offer's stored reason, in its order; none when it has another form. */
export function weighedOf(reason: unknown): Weighed[] {
  if (!isRecord(reason) || !Array.isArray(reason["weighed"])) return [];
  const rows: readonly unknown[] = reason["weighed"];
  return rows.flatMap((row) => {
    if (!isRecord(row) || typeof row["courierId"] !== "string") return [];
    const { courierId } = row;
    return [
      {
        courierId,
        chosen: courierId === reason["courierId"],
        travelMs: numberOf(row["travelMs"]),
        idleMs: numberOf(row["idleMs"]),
        delayMs: numberOf(row["delayMs"]),
        cost: numberOf(row["cost"]),
      },
    ];
  });
}

function numberOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
