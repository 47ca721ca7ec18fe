import { cellOf, placeInGrid, type GridPlace } from "../geo/cells.ts";
import type { Point } from "../geo/point.ts";

/** A power of two, several times what a large market's couriers and restaurants take, and no more than caches hold; beyond three quarters all are forgotten. */
const ROOM = 1 << 16;
const MOST = ROOM * 0.75;

const degrees = new Float64Array(2);
const words = new Uint32Array(degrees.buffer);

function hashOf(lat: number, lng: number): number {
  degrees[0] = lat;
  degrees[1] = lng;
  const ofLat = Math.imul((words[0] ?? 0) ^ Math.imul(words[1] ?? 0, 0x85_eb_ca_6b), 0xc2_b2_ae_35);
  const ofLng = Math.imul((words[2] ?? 0) ^ Math.imul(words[3] ?? 0, 0x27_d4_eb_2f), 0x16_56_67_b1);
  const both = ofLat ^ (ofLng >>> 13) ^ ofLng;
  return (both ^ (both >>> 15)) & (ROOM - 1);
}

/**
 * The cells of places at one resolution, remembered. Who waits stays in place from round to round, and asking H3 costs a hundred times as much as a
 * look. What is remembered changes no answer.
 */
export class KnownCells {
  readonly #res: number;
  /** Latitude and longitude side by side: a look comes to them together. */
  readonly #degrees = new Float64Array(2 * ROOM);
  #cells: (string | undefined)[] = Array.from({ length: ROOM });
  /** One text for each cell: looking it up in a map is quick then. */
  readonly #names = new Map<string, string>();
  #count = 0;
  #anchor = "";
  readonly #inGrid = new Map<string, GridPlace | undefined>();

  constructor(res: number) {
    this.#res = res;
  }

  /** {@link cellOf} */
  of({ lat, lng }: Point): string {
    for (let at = hashOf(lat, lng); ; at = (at + 1) & (ROOM - 1)) {
      const known = this.#cells[at];
      if (known !== undefined && this.#degrees[2 * at] === lat && this.#degrees[2 * at + 1] === lng) return known;
      if (known === undefined) return this.#remember(at, { lat, lng });
    }
  }

  /** {@link placeInGrid} */
  inGrid(anchor: string, cell: string): GridPlace | undefined {
    if (anchor !== this.#anchor) {
      this.#anchor = anchor;
      this.#inGrid.clear();
    }
    let known = this.#inGrid.get(cell);
    if (known === undefined && !this.#inGrid.has(cell)) this.#inGrid.set(cell, (known = placeInGrid(anchor, cell)));
    return known;
  }

  #remember(at: number, point: Point): string {
    const cell = cellOf(point, this.#res);
    const name = this.#names.get(cell) ?? cell;
    this.#names.set(name, name);
    if (this.#count >= MOST) {
      this.#cells = Array.from({ length: ROOM });
      this.#names.clear();
      this.#inGrid.clear();
      this.#count = 0;
      return name;
    }
    this.#degrees[2 * at] = point.lat;
    this.#degrees[2 * at + 1] = point.lng;
    this.#cells[at] = name;
    this.#count += 1;
    return name;
  }
}
