import { useState } from "react";

import type { Point } from "#shared/contracts/geo.ts";

import type { PlaceState } from "./place.ts";
import { usePointName } from "./use-point-name.ts";

/** The form: coordinates as typed, the address in words, and whether to keep it. */
export interface PlaceForm {
  readonly lat: string;
  readonly lng: string;
  readonly line: string;
  /** Whether a person wrote the line here: what the map calls a place does not replace their words. */
  readonly isWritten: boolean;
  readonly instructions: string;
  readonly keep: boolean;
}

/** A place whose words are known: found by its address, or saved before. */
interface WordedPlace {
  readonly point: Point;
  readonly line: string;
  readonly instructions?: string;
}

/** What the place dialog holds, and each way to change it. */
export function usePlaceForm(marketId: string, start: Point, { line, instructions }: PlaceState) {
  const [form, setForm] = useState<PlaceForm>({ ...textOf(start), line, isWritten: false, instructions, keep: false });
  const change = (part: Partial<PlaceForm>) => setForm((now) => ({ ...now, ...part }));
  const name = usePointName(marketId, (called) => setForm((now) => (now.isWritten ? now : { ...now, line: called })));
  const [shown, setShown] = useState<Point>();
  return {
    form,
    change,
    /** What the map moves to; a click on it does not move it. */
    shown,
    write: (typed: string) => change({ line: typed, isWritten: typed !== "" }),
    /** Takes a point and asks what it is called. */
    drop: (point: Point) => {
      change(textOf(point));
      name.ask(point);
    },
    goTo: ({ point, ...words }: WordedPlace) => {
      name.forget();
      change({ ...words, isWritten: false, ...textOf(point) });
      setShown(point);
    },
    show: setShown,
  };
}

function textOf(point: Point) {
  return { lat: point.lat.toFixed(5), lng: point.lng.toFixed(5) };
}
