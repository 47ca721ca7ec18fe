import { stepOf, type Cuts } from "./bins.ts";

/** Rows of features in steps, row after row: `steps[row * width + feature]`. */
export interface Binned {
  readonly rows: number;
  readonly width: number;
  readonly steps: Uint8Array;
}

export interface GrowSettings {
  readonly leaves: number;
  readonly minLeaf: number;
  /** Rows that a leaf's own answer is weighed against: small leaves say little. */
  readonly shrink: number;
}

/** A tree of splits; node 0 is the root. A node without a feature (-1) is a leaf. */
export interface GrownTree {
  readonly feature: number[];
  /** Rows with a step up to this go left. */
  readonly step: number[];
  readonly left: number[];
  readonly right: number[];
  /** The rows that ended in each leaf, undefined at splits. */
  readonly rowsOf: (Uint32Array | undefined)[];
}

const STEPS = 256;

interface Leaf {
  readonly node: number;
  readonly rows: Uint32Array;
  readonly sums: Float64Array;
  best: Split | undefined;
}

interface Split {
  readonly gain: number;
  readonly feature: number;
  readonly step: number;
}

/**
 * Grows one tree on pull and weight of rows, best leaf first, by histograms (Ke et al., LightGBM, NIPS 2017): of two
 * halves only the smaller is counted, the other is what remains of the whole.
 *
 * @param pull what each row wants, already weighed
 * @param features those that this tree may look at
 */
export function growTree(
  binned: Binned,
  inTree: Uint32Array,
  pull: Float64Array,
  weight: Float64Array,
  features: readonly number[],
  settings: GrowSettings,
): GrownTree {
  const tree: GrownTree = { feature: [-1], step: [0], left: [0], right: [0], rowsOf: [inTree] };
  const count = (rows: Uint32Array) => sumsOf(binned, rows, pull, weight, features);
  const leafOf = (node: number, rows: Uint32Array, sums: Float64Array): Leaf => ({
    node,
    rows,
    sums,
    best: rows.length < 2 * settings.minLeaf ? undefined : bestSplit(sums, features.length, settings),
  });
  const open = [leafOf(0, inTree, count(inTree))];
  for (let leaves = 1; leaves < settings.leaves; leaves++) {
    const leaf = open.reduce<Leaf | undefined>(
      (best, each) => (each.best && each.best.gain > (best?.best?.gain ?? 1e-9) ? each : best),
      undefined,
    );
    if (!leaf?.best) break;
    const feature = features[leaf.best.feature] ?? 0;
    const [left, right] = parted(binned, leaf.rows, feature, leaf.best.step);
    const [small, large] = left.length <= right.length ? [left, right] : [right, left];
    const smallSums = count(small);
    const largeSums = leaf.sums;
    for (let at = 0; at < largeSums.length; at++) largeSums[at] = (largeSums[at] ?? 0) - (smallSums[at] ?? 0);
    const nodes = splitNode(tree, leaf.node, feature, leaf.best.step, left, right);
    open.splice(open.indexOf(leaf), 1);
    open.push(
      leafOf(left === small ? nodes.left : nodes.right, small, smallSums),
      leafOf(left === small ? nodes.right : nodes.left, large, largeSums),
    );
  }
  return tree;
}

function splitNode(
  tree: GrownTree,
  node: number,
  feature: number,
  step: number,
  leftRows: Uint32Array,
  rightRows: Uint32Array,
): { readonly left: number; readonly right: number } {
  const left = tree.feature.length;
  for (const rows of [leftRows, rightRows]) {
    tree.feature.push(-1);
    tree.step.push(0);
    tree.left.push(0);
    tree.right.push(0);
    tree.rowsOf.push(rows);
  }
  tree.feature[node] = feature;
  tree.step[node] = step;
  tree.left[node] = left;
  tree.right[node] = left + 1;
  tree.rowsOf[node] = undefined;
  return { left, right: left + 1 };
}

/** Of each feature and step: pull, weight, rows. */
function sumsOf(
  { steps, width }: Binned,
  rows: Uint32Array,
  pull: Float64Array,
  weight: Float64Array,
  features: readonly number[],
): Float64Array {
  const sums = new Float64Array(features.length * STEPS * 3);
  const places = Int32Array.from(features);
  const wide = places.length;
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!;
    const pulled = pull[row]!;
    const weighs = weight[row]!;
    const first = row * width;
    for (let index = 0, base = 0; index < wide; index++, base += STEPS) {
      const slot = (base + steps[first + places[index]!]!) * 3;
      sums[slot]! += pulled;
      sums[slot + 1]! += weighs;
      sums[slot + 2]! += 1;
    }
  }
  return sums;
}

/** All steps of a feature together, and the last one that has rows. */
function totalsOf(sums: Float64Array, base: number) {
  let [pullAll, weightAll, rowsAll, last] = [0, 0, 0, 0];
  for (let step = 0; step < STEPS; step++) {
    const slot = base + step * 3;
    if (!sums[slot + 2]) continue;
    pullAll += sums[slot]!;
    weightAll += sums[slot + 1]!;
    rowsAll += sums[slot + 2]!;
    last = step;
  }
  return { pullAll, weightAll, rowsAll, last };
}

function bestSplit(sums: Float64Array, features: number, { minLeaf, shrink }: GrowSettings): Split | undefined {
  let best: Split | undefined;
  for (let feature = 0; feature < features; feature++) {
    const base = feature * STEPS * 3;
    const { pullAll, weightAll, rowsAll, last } = totalsOf(sums, base);
    const whole = (pullAll * pullAll) / (weightAll + shrink);
    let [pull, weight, rows] = [0, 0, 0];
    for (let step = 0; step < last; step++) {
      const slot = base + step * 3;
      const here = sums[slot + 2]!;
      if (here === 0) continue;
      pull += sums[slot]!;
      weight += sums[slot + 1]!;
      rows += here;
      if (rows < minLeaf) continue;
      if (rowsAll - rows < minLeaf) break;
      const rest = pullAll - pull;
      const gain = (pull * pull) / (weight + shrink) + (rest * rest) / (weightAll - weight + shrink) - whole;
      if (gain > (best?.gain ?? 0)) best = { gain, feature, step };
    }
  }
  return best;
}

function parted(
  { steps, width }: Binned,
  rows: Uint32Array,
  feature: number,
  step: number,
): [Uint32Array, Uint32Array] {
  const left = new Uint32Array(rows.length);
  const right = new Uint32Array(rows.length);
  let [lefts, rights] = [0, 0];
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!;
    if (steps[row * width + feature]! <= step) left[lefts++] = row;
    else right[rights++] = row;
  }
  return [left.slice(0, lefts), right.slice(0, rights)];
}

/** All rows of columns in steps. */
export function inSteps(columns: readonly ArrayLike<number>[], cuts: readonly Cuts[], rows: number): Binned {
  const width = columns.length;
  const steps = new Uint8Array(rows * width);
  for (const [feature, column] of columns.entries()) {
    const cut = cuts[feature] ?? { edges: [] };
    for (let row = 0; row < rows; row++) steps[row * width + feature] = stepOf(cut, column[row] ?? Number.NaN);
  }
  return { rows, width, steps };
}
