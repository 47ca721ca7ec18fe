import { assert } from "../../../lib/assert.ts";
import { seededRng, type Rng } from "../../../lib/rng.ts";

import { cutsOf } from "./bins.ts";
import { growTree, inSteps, type Binned, type GrowSettings, type GrownTree } from "./grow-tree.ts";

export interface ForestSettings extends GrowSettings {
  readonly trees: number;
  /** How much of each tree's answer is taken. */
  readonly rate: number;
  /** Share of rows and of features that each tree sees. */
  readonly rowShare: number;
  readonly featureShare: number;
  /** Residuals smaller than this pull in proportion, larger ones all alike: the pinball's kink rounded off. */
  readonly smooth: number;
  readonly seed: number;
}

/** A sum of trees, as plain numbers: what is stored. All arrays together hold every tree's nodes one after the other. */
export interface Forest {
  readonly base: number;
  readonly roots: readonly number[];
  /** -1 at a leaf. */
  readonly feature: readonly number[];
  /** At a split: up to this goes left, as does what is not known; at a leaf: its answer. */
  readonly value: readonly number[];
  readonly left: readonly number[];
  readonly right: readonly number[];
}

/** Below every number, and itself one that JSON can hold. */
const LEAST = -Number.MAX_VALUE;

/** What is known of each row: `columns[feature][row]`, NaN where it is not known. */
export interface Rows {
  readonly columns: readonly Float64Array[];
  readonly target: Float64Array;
  readonly weight: Float64Array;
}

/**
 * Learns the given quantile of the target by gradient boosting (Friedman, 2001): each tree follows the pinball loss's
 * slope, rounded at its kink, and its leaves answer with the quantile of what was left there. The same rows and seed
 * give the same forest.
 *
 * @param level the quantile, 0..1; 0.5 is the median, whose loss is the absolute error
 * @throws when there are no rows
 */
export function fitForest(
  rows: Rows,
  level: number,
  settings: ForestSettings,
  onTree?: (trees: number) => void,
): Forest {
  const count = rows.target.length;
  assert(count > 0, "a forest needs rows");
  const rng = seededRng(settings.seed);
  const cuts = rows.columns.map((column) => cutsOf(column));
  const table = inSteps(rows.columns, cuts, count);
  // A column that is the same in all rows, or known in none, can decide nothing.
  const telling = [...cuts.keys()].filter((feature) => !isAlike(table, feature));
  const base = quantileOf(
    Uint32Array.from({ length: count }, (_, row) => row),
    rows.target,
    rows.weight,
    level,
  );
  const left = rows.target.map((value) => value - base);
  const pull = new Float64Array(count);
  const forest = {
    base,
    roots: [] as number[],
    feature: [] as number[],
    value: [] as number[],
    left: [] as number[],
    right: [] as number[],
  };
  for (let index = 0; index < settings.trees; index++) {
    for (let row = 0; row < count; row++) {
      const residual = left[row]! / settings.smooth;
      pull[row] = rows.weight[row]! * (residual >= level ? level : residual <= level - 1 ? level - 1 : residual);
    }
    const sampled = sampleRows(count, settings.rowShare, rng);
    const features = sampleFeatures(telling, settings.featureShare, rng);
    const tree = growTree(table, sampled, pull, rows.weight, features, settings);
    const answers = tree.rowsOf.map((inLeaf) =>
      inLeaf
        ? (settings.rate * quantileOf(inLeaf, left, rows.weight, level) * inLeaf.length) /
          (inLeaf.length + settings.shrink)
        : 0,
    );
    for (let row = 0; row < count; row++) {
      let node = 0;
      while (tree.feature[node]! >= 0)
        node =
          table.steps[row * table.width + tree.feature[node]!]! <= tree.step[node]!
            ? tree.left[node]!
            : tree.right[node]!;
      left[row]! -= answers[node]!;
    }
    addTree(forest, tree, answers, cuts);
    onTree?.(index + 1);
  }
  return forest;
}

function addTree(
  forest: { roots: number[]; feature: number[]; value: number[]; left: number[]; right: number[] },
  tree: GrownTree,
  answers: readonly number[],
  cuts: readonly { readonly edges: readonly number[] }[],
): void {
  const first = forest.feature.length;
  forest.roots.push(first);
  for (const [node, feature] of tree.feature.entries()) {
    const step = tree.step[node] ?? 0;
    forest.feature.push(feature);
    // A step's upper edge: all values up to it are in that step or below. Step 0 holds only what is not known.
    forest.value.push(
      feature < 0 ? (answers[node] ?? 0) : step === 0 ? LEAST : (cuts[feature]?.edges[step - 1] ?? -LEAST),
    );
    forest.left.push(first + (tree.left[node] ?? 0));
    forest.right.push(first + (tree.right[node] ?? 0));
  }
}

/** One forest that answers the mean of what these answer: the same trees, each with its share of the answer. */
export function meanOfForests(forests: readonly Forest[]): Forest {
  if (forests.length === 1) return forests[0]!;
  const share = 1 / forests.length;
  const mean = {
    base: 0,
    roots: [] as number[],
    feature: [] as number[],
    value: [] as number[],
    left: [] as number[],
    right: [] as number[],
  };
  for (const { base, roots, feature, value, left, right } of forests) {
    const first = mean.feature.length;
    mean.base += base * share;
    for (const root of roots) mean.roots.push(first + root);
    for (const [node, asked] of feature.entries()) {
      mean.feature.push(asked);
      mean.value.push(asked < 0 ? value[node]! * share : value[node]!);
      mean.left.push(first + left[node]!);
      mean.right.push(first + right[node]!);
    }
  }
  return mean;
}

/** A row's answer. `features[feature]`, NaN where it is not known. */
export function askForest(forest: Forest, features: ArrayLike<number>): number {
  let sum = forest.base;
  for (const root of forest.roots) {
    let node = root;
    for (let feature = forest.feature[node]!; feature >= 0; feature = forest.feature[node]!)
      node = features[feature]! > forest.value[node]! ? forest.right[node]! : forest.left[node]!;
    sum += forest.value[node]!;
  }
  return sum;
}

function sampleRows(count: number, share: number, rng: Rng): Uint32Array {
  const taken = new Uint32Array(count);
  let size = 0;
  for (let row = 0; row < count; row++) if (rng() < share) taken[size++] = row;
  return taken.slice(0, Math.max(1, size));
}

function isAlike({ rows, width, steps }: Binned, feature: number): boolean {
  const first = steps[feature];
  for (let row = 1; row < rows; row++) if (steps[row * width + feature] !== first) return false;
  return true;
}

function sampleFeatures(from: readonly number[], share: number, rng: Rng): number[] {
  const all = from.map((feature) => ({ feature, drawn: rng() }));
  return all
    .toSorted((a, b) => a.drawn - b.drawn)
    .slice(0, Math.max(1, Math.round(from.length * share)))
    .map(({ feature }) => feature)
    .toSorted((a, b) => a - b);
}

const SLOTS = 512;
const ZOOMS = 2;

/**
 * The weighed quantile of some rows' values, to within a 200,000th of their range: counted into slots, then once more
 * within the slot that holds it. Sorting every leaf of every tree would take most of the time of a fit.
 */
export function quantileOf(rows: Uint32Array, values: Float64Array, weight: Float64Array, level: number): number {
  let [low, high, whole] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const row of rows) {
    low = Math.min(low, values[row]!);
    high = Math.max(high, values[row]!);
    whole += weight[row]!;
  }
  let wanted = level * whole;
  let inside = rows;
  for (let zoom = 0; zoom < ZOOMS && high > low; zoom++) {
    const slots = new Float64Array(SLOTS);
    const [from, width] = [low, (high - low) / SLOTS];
    const slotOf = (row: number): number => Math.max(0, Math.min(SLOTS - 1, Math.floor((values[row]! - from) / width)));
    for (const row of inside) slots[slotOf(row)]! += weight[row]!;
    let slot = 0;
    while (slot < SLOTS - 1 && slots[slot]! < wanted) wanted -= slots[slot++]!;
    // By the slot, not by its bounds: rounded, these may leave out what was counted in it.
    inside = inside.filter((row) => slotOf(row) === slot);
    low += slot * width;
    high = low + width;
  }
  return (low + high) / 2;
}
