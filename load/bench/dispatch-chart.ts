import type { Beside } from "./published.ts";

const WIDE = 760;
const LEFT = 330;
const ROW = 44;
const BAR = 14;

/** Click-to-door of every published policy and of ours on the same instances, as bars that start at nothing. */
export function chartOf(published: readonly Beside[]): string {
  const rows = published.filter(({ theirs }) => theirs.ctd_mean !== undefined);
  const most = Math.max(1, ...rows.flatMap(({ theirs, ours }) => [theirs.ctd_mean ?? 0, ours.ctd_mean]));
  const scale = (WIDE - LEFT - 60) / most;
  const bar = (y: number, value: number, colour: string) =>
    `<rect x="${LEFT}" y="${y}" width="${(value * scale).toFixed(1)}" height="${BAR}" fill="${colour}"/>` +
    `<text x="${(LEFT + value * scale + 6).toFixed(1)}" y="${y + BAR - 3}">${value.toFixed(2)}</text>`;
  const body = rows.map(({ source, policy, instances, theirs, ours }, index) => {
    const y = 46 + index * ROW;
    return (
      `<text x="${LEFT - 8}" y="${y + 11}" text-anchor="end">${escaped(policy)}</text>` +
      `<text x="${LEFT - 8}" y="${y + 26}" text-anchor="end" fill="#666">${escaped(source)}, ${instances} instances</text>` +
      bar(y, theirs.ctd_mean ?? 0, "#9aa5b1") +
      bar(y + BAR + 2, ours.ctd_mean, "#0b7a75")
    );
  });
  const tall = 60 + rows.length * ROW;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDE} ${tall}" font-family="sans-serif" font-size="11">` +
    `<rect width="${WIDE}" height="${tall}" fill="#fff"/>` +
    `<text x="12" y="22" font-size="14">Click-to-door, minutes, mean: published (grey) and Tiffin on-line (green) on the same instances</text>` +
    `${body.join("")}</svg>\n`
  );
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
