import type { StreetNetwork, Vehicle } from "../../city/city.ts";
import { arcsOf, eachEdge } from "./arcs.ts";
import { mainComponent } from "./main-component.ts";
import { segmentCosts } from "./speeds.ts";

/** No further arc. */
const END = -1;

/**
 * The street graph while its nodes are taken out one by one: arcs as columns, each node's arcs out and in as chains through
 * them. There is at most one arc from a node to another, the cheapest. The arcs of a node that was taken out are those to the nodes
 * that were still there, which is what a hierarchy keeps of it.
 */
export class ShrinkingGraph {
  readonly main: Uint8Array;
  readonly firstOut: Int32Array;
  readonly firstIn: Int32Array;
  tail: Uint32Array;
  head: Uint32Array;
  cost: Float64Array;
  /** An edge, or -1 - the node that this arc goes round by. */
  via: Int32Array;
  nextOut: Int32Array;
  nextIn: Int32Array;
  arcs = 0;

  constructor(streets: StreetNetwork, vehicle: Vehicle) {
    const nodes = streets.nodeLatE7.length;
    this.main = mainComponent(arcsOf(streets, vehicle));
    this.firstOut = new Int32Array(nodes).fill(END);
    this.firstIn = new Int32Array(nodes).fill(END);
    const room = 4 * streets.from.length + 16;
    this.tail = new Uint32Array(room);
    this.head = new Uint32Array(room);
    this.cost = new Float64Array(room);
    this.via = new Int32Array(room);
    this.nextOut = new Int32Array(room);
    this.nextIn = new Int32Array(room);
    const costs = segmentCosts(streets, vehicle);
    eachEdge(streets, vehicle, (edge, tail, head) => {
      if (this.main[tail] === 1 && this.main[head] === 1) this.put(tail, head, costs[edge >> 1] ?? 0, edge);
    });
  }

  get nodes(): number {
    return this.firstOut.length;
  }

  /** The arc between two nodes becomes this one if it is cheaper, or the first. */
  put(tail: number, head: number, cost: number, via: number): void {
    if (tail === head) return;
    for (let arc = this.firstOut[tail] ?? END; arc !== END; arc = this.nextOut[arc] ?? END) {
      if (this.head[arc] !== head) continue;
      if (cost < (this.cost[arc] ?? 0)) {
        this.cost[arc] = cost;
        this.via[arc] = via;
      }
      return;
    }
    if (this.arcs === this.tail.length) this.grow();
    const arc = this.arcs++;
    this.tail[arc] = tail;
    this.head[arc] = head;
    this.cost[arc] = cost;
    this.via[arc] = via;
    this.nextOut[arc] = this.firstOut[tail] ?? END;
    this.nextIn[arc] = this.firstIn[head] ?? END;
    this.firstOut[tail] = this.firstIn[head] = arc;
  }

  /** Takes the node out of its neighbours' chains; its own stay. */
  takeOut(node: number): void {
    for (let arc = this.firstOut[node] ?? END; arc !== END; arc = this.nextOut[arc] ?? END) {
      unlink(this.firstIn, this.nextIn, this.head[arc] ?? 0, arc);
    }
    for (let arc = this.firstIn[node] ?? END; arc !== END; arc = this.nextIn[arc] ?? END) {
      unlink(this.firstOut, this.nextOut, this.tail[arc] ?? 0, arc);
    }
  }

  private grow(): void {
    const room = this.tail.length * 2;
    const wider = <T extends Uint32Array | Int32Array | Float64Array>(wide: T, narrow: T): T => {
      wide.set(narrow);
      return wide;
    };
    this.tail = wider(new Uint32Array(room), this.tail);
    this.head = wider(new Uint32Array(room), this.head);
    this.cost = wider(new Float64Array(room), this.cost);
    this.via = wider(new Int32Array(room), this.via);
    this.nextOut = wider(new Int32Array(room), this.nextOut);
    this.nextIn = wider(new Int32Array(room), this.nextIn);
  }
}

function unlink(first: Int32Array, next: Int32Array, node: number, arc: number): void {
  if (first[node] === arc) {
    first[node] = next[arc] ?? END;
    return;
  }
  let at = first[node] ?? END;
  while (at !== END && next[at] !== arc) at = next[at] ?? END;
  if (at !== END) next[at] = next[arc] ?? END;
}
