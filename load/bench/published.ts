import { readFileSync } from "node:fs";

/** In the judge's own names: percent and minutes. */
export interface Judged {
  readonly undelivered_pct: number;
  readonly ctd_mean: number;
  readonly rtp_mean: number;
}

export interface Published {
  readonly instance: string;
  readonly source: string;
  readonly policy: string;
  /** A figure that was not printed is absent. */
  readonly figures: Partial<Judged>;
}

/** A published policy and ours, as means over the instances that both have. */
export interface Beside {
  readonly source: string;
  readonly policy: string;
  readonly instances: number;
  readonly theirs: Partial<Judged>;
  readonly ours: Judged;
}

const FIGURES = ["undelivered_pct", "ctd_mean", "rtp_mean"] as const;

/** Reads a table `instance source policy undelivered_pct ctd_mean …` with a header; empty cells were not published. */
export function readPublished(file: string): Published[] {
  const [head = "", ...lines] = readFileSync(file, "utf8").trim().split("\n");
  const columns = head.split("\t");
  return lines.map((line) => {
    const cells = line.split("\t").map((cell) => cell.trim());
    const cell = (name: string) => cells[columns.indexOf(name)] ?? "";
    const figures = Object.fromEntries(
      FIGURES.flatMap((name) => (cell(name) === "" ? [] : [[name, Number(cell(name))]])),
    );
    return {
      instance: cell("instance"),
      // Every instance has a gap of its own there.
      source: cell("source").replace(/ \(gap [\d.]+\)$/u, ""),
      policy: cell("policy"),
      figures,
    };
  });
}

export function besidePublished(
  published: readonly Published[],
  own: readonly (Judged & { readonly instance: string })[],
): Beside[] {
  const ours = new Map(own.map((each) => [each.instance, each]));
  const known = published.filter(({ instance }) => ours.has(instance));
  return [...Map.groupBy(known, ({ source, policy }) => `${source}\t${policy}`)].map(([key, rows]) => {
    const [source = "", policy = ""] = key.split("\t");
    const mine = rows.flatMap(({ instance }) => ours.get(instance) ?? []);
    return {
      source,
      policy,
      instances: rows.length,
      theirs: Object.fromEntries(
        FIGURES.flatMap((name) => {
          const printed = rows.flatMap(({ figures }) => figures[name] ?? []);
          return printed.length === rows.length ? [[name, mean(printed)]] : [];
        }),
      ),
      ours: {
        undelivered_pct: mean(mine.map((each) => each.undelivered_pct)),
        ctd_mean: mean(mine.map((each) => each.ctd_mean)),
        rtp_mean: mean(mine.map((each) => each.rtp_mean)),
      },
    };
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / Math.max(1, values.length);
}
