import { groupBy } from "../../../lib/group-by.ts";
import type { Point } from "../../geo/point.ts";
import { SQUARE_M } from "./pace-field.ts";
import type { Ways } from "./ways-across.ts";

/** Squares to a district's side. */
const SIDE = 4;
/** More districts are not kept: what they have to do with each other is a table of all pairs. */
const MOST = 80;

/** How the time of a way is spread over districts: shares that make 1 together; none where no way leads. */
export type Shares = readonly (readonly [district: number, share: number])[];

interface Ends {
  readonly from: Point;
  readonly to: Point;
}

/** A city by parts of 800 m, those where most ways begin or end; every square belongs to the nearest of them. */
export interface Districts {
  readonly count: number;
  /** Metres from middle to middle. */
  apartM(one: number, other: number): number;
  sharesOf(asked: readonly Ends[]): Shares[];
}

export function districtsOf(ways: Ways, known: readonly Ends[]): Districts {
  const blocks = ways.keys.map((key) => key.split(",").map((at) => Math.floor(Number(at) / SIDE)) as [number, number]);
  const ends = new Map<string, number>();
  for (const { from, to } of known)
    for (const square of [ways.squareAt(from), ways.squareAt(to)]) {
      const block = blocks[square]?.join(",");
      if (block !== undefined) ends.set(block, (ends.get(block) ?? 0) + 1);
    }
  const places = [...ends]
    .toSorted((a, b) => b[1] - a[1])
    .slice(0, MOST)
    .map(([block]) => block.split(",").map(Number) as [number, number]);
  const apart = (one: readonly [number, number], other: readonly [number, number]) =>
    Math.hypot(one[0] - other[0], one[1] - other[1]);
  const districtAt = blocks.map((block) => {
    let nearest = 0;
    for (const [district, place] of places.entries())
      if (apart(place, block) < apart(places[nearest]!, block)) nearest = district;
    return nearest;
  });

  function sharesOf(asked: readonly Ends[]): Shares[] {
    const answers: Shares[] = asked.map(() => []);
    for (const [end, indexes] of groupBy(asked.keys(), (index) => ways.squareAt(asked[index]!.to))) {
      if (end < 0) continue;
      const waysTo = ways.to(end);
      for (const index of indexes) {
        const start = ways.squareAt(asked[index]!.from);
        if (start === end) answers[index] = [[districtAt[end]!, 1]];
        const wholeS = start < 0 ? Infinity : waysTo.secondsFrom(start);
        if (wholeS === 0 || wholeS === Infinity) continue;
        const shares = new Map<number, number>();
        for (const { square, next, tookS } of waysTo.stepsFrom(start))
          for (const at of [districtAt[square]!, districtAt[next]!])
            shares.set(at, (shares.get(at) ?? 0) + tookS / 2 / wholeS);
        answers[index] = [...shares];
      }
    }
    return answers;
  }

  return {
    count: places.length,
    apartM: (one, other) => SQUARE_M * SIDE * apart(places[one]!, places[other]!),
    sharesOf,
  };
}
