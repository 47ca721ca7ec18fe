import type { Frame, Kind, Stack } from "./fold.ts";

const WIDE = 1_200;
const ROW = 16;
const TOP = 52;
/** Narrower ones are left out, px. */
const NARROWEST = 1;
const LETTER = 6;

const COLOURS: Readonly<Record<Kind, string>> = {
  ours: "#f4a259",
  library: "#8cb369",
  node: "#a8c5da",
  garbage: "#bc4b51",
  compiling: "#c9a0dc",
  kernel: "#bfbfbf",
};

interface Node {
  readonly frame: Frame;
  looks: number;
  readonly below: Map<string, Node>;
}

/** A flame graph that begins at the top: each box is a function, as wide as the time in it and in what it calls; those beneath are called by it. */
export function drawFlame(stacks: readonly Stack[], title: string): string {
  const root: Node = { frame: { name: "everything", kind: "node", isScript: false }, looks: 0, below: new Map() };
  for (const { frames, looks } of stacks) {
    root.looks += looks;
    let at = root;
    for (const frame of frames) {
      const next = at.below.get(frame.name) ?? { frame, looks: 0, below: new Map() };
      at.below.set(frame.name, next);
      next.looks += looks;
      at = next;
    }
  }
  const boxes: string[] = [];
  const deepest = draw(root, { x: 0, row: 0, perLook: WIDE / Math.max(1, root.looks), all: root.looks }, boxes);
  const tall = TOP + (deepest + 1) * ROW + 8;
  const legend = Object.entries(COLOURS).map(
    ([kind, colour], at) =>
      `<rect x="${12 + at * 110}" y="28" width="12" height="12" fill="${colour}"/>` +
      `<text x="${28 + at * 110}" y="38">${kind}</text>`,
  );
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDE} ${tall}" font-family="sans-serif" font-size="10">` +
    `<rect width="${WIDE}" height="${tall}" fill="#fff"/><text x="12" y="18" font-size="14">${escaped(title)}</text>` +
    `${legend.join("")}${boxes.join("")}</svg>\n`
  );
}

/** @returns the deepest row that was drawn */
function draw(node: Node, at: { x: number; row: number; perLook: number; all: number }, into: string[]): number {
  const wide = node.looks * at.perLook;
  const y = TOP + at.row * ROW;
  const { name, kind } = node.frame;
  const letters = Math.floor((wide - 4) / LETTER);
  const shown =
    letters < 3 ? "" : `<text x="${(at.x + 2).toFixed(1)}" y="${y + 11}">${escaped(name.slice(0, letters))}</text>`;
  const share = ((100 * node.looks) / Math.max(1, at.all)).toFixed(1);
  into.push(
    `<g><title>${escaped(name)}: ${share} %</title>` +
      `<rect x="${at.x.toFixed(1)}" y="${y}" width="${wide.toFixed(1)}" height="${ROW - 1}" fill="${COLOURS[kind]}"/>${shown}</g>`,
  );
  let { x } = at;
  let deepest = at.row;
  for (const next of [...node.below.values()].toSorted((a, b) => b.looks - a.looks)) {
    const nextWide = next.looks * at.perLook;
    if (nextWide >= NARROWEST) deepest = Math.max(deepest, draw(next, { ...at, x, row: at.row + 1 }, into));
    x += nextWide;
  }
  return deepest;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
