import type { BlackBox, BlackBoxFix } from "#shared/contracts/black-box.ts";

export interface Ridden {
  /** Lines that the customer's map may have shown. */
  readonly shown: readonly (readonly BlackBoxFix[])[];
  /** Lines that it may not. */
  readonly hidden: readonly (readonly BlackBoxFix[])[];
}

/** What had been ridden by a moment, parted by whether the customer could see it; the parts meet in one fix. */
export function riddenUntil(box: BlackBox, atMs: number): Ridden {
  const [shown, hidden]: [BlackBoxFix[][], BlackBoxFix[][]] = [[], []];
  for (const path of box.paths) {
    const windows = box.positionsShown.filter((each) => each.courierId === path.courierId);
    const isShown = (fix: BlackBoxFix) =>
      windows.some((each) => each.fromMs <= fix.takenAtMs && fix.takenAtMs < (each.toMs ?? Infinity));
    let before: { readonly fix: BlackBoxFix; readonly shown: boolean } | undefined;
    for (const fix of path.fixes) {
      if (!fix.moved || fix.takenAtMs > atMs) continue;
      const now = isShown(fix);
      const lines = now ? shown : hidden;
      if (before?.shown === now) lines.at(-1)?.push(fix);
      else lines.push(before ? [before.fix, fix] : [fix]);
      before = { fix, shown: now };
    }
  }
  return { shown, hidden };
}
