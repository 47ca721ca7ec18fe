import type { Told } from "./frames.ts";

export interface PlotSize {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export interface Scale {
  x(atMs: number): number;
  y(valueMs: number): number;
  readonly ticksX: readonly number[];
  readonly ticksY: readonly number[];
}

const MINUTE_MS = 60_000;
const STEPS_MIN = [1, 2, 5, 10, 15, 30, 60, 120, 240];

/** Time to the right, arrival upwards; ticks at full minutes, at most five. */
export function scaleOf(
  size: PlotSize,
  span: { readonly fromMs: number; readonly toMs: number },
  values: readonly number[],
): Scale {
  const [lowest, highest] = [Math.min(...values) - MINUTE_MS, Math.max(...values) + MINUTE_MS];
  const inner = { width: size.width - size.left - size.right, height: size.height - size.top - size.bottom };
  return {
    x: (atMs) => size.left + ((atMs - span.fromMs) / (span.toMs - span.fromMs)) * inner.width,
    y: (valueMs) => size.top + (1 - (valueMs - lowest) / (highest - lowest)) * inner.height,
    ticksX: ticks(span.fromMs, span.toMs),
    ticksY: values.length === 0 ? [] : ticks(lowest, highest),
  };
}

function ticks(fromMs: number, toMs: number): number[] {
  const stepMin = STEPS_MIN.find((step) => (toMs - fromMs) / (step * MINUTE_MS) <= 5) ?? 480;
  const stepMs = stepMin * MINUTE_MS;
  const first = Math.ceil(fromMs / stepMs) * stepMs;
  return Array.from(
    { length: Math.max(0, Math.floor((toMs - first) / stepMs) + 1) },
    (_, index) => first + index * stepMs,
  );
}

/** The band as an SVG path: each value holds until the next was told; forth along p90, back along p50. */
export function stepsOf(told: readonly Told[], untilMs: number, scale: Pick<Scale, "x" | "y">): string {
  const spans = told.map((each, index) => ({ ...each, endMs: told[index + 1]?.atMs ?? Math.max(untilMs, each.atMs) }));
  const forth = spans.flatMap((each) => [at(scale, each.atMs, each.p90AtMs), at(scale, each.endMs, each.p90AtMs)]);
  const back = spans
    .toReversed()
    .flatMap((each) => [at(scale, each.endMs, each.p50AtMs), at(scale, each.atMs, each.p50AtMs)]);
  return spans.length === 0 ? "" : `M${[...forth, ...back].join("L")}Z`;
}

function at(scale: Pick<Scale, "x" | "y">, atMs: number, valueMs: number): string {
  return `${scale.x(atMs).toFixed(1)} ${scale.y(valueMs).toFixed(1)}`;
}
