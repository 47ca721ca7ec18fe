import Box from "@mui/material/Box";
import Card from "@mui/material/Card";
import Typography from "@mui/material/Typography";

import { formatClock } from "../../../common/format.ts";
import { useMarketZone } from "../../../common/market-zone.ts";
import type { Told } from "./frames.ts";
import { scaleOf, stepsOf, type Scale } from "./plot.ts";

export interface EtaPlotProps {
  readonly told: readonly Told[];
  readonly span: { readonly fromMs: number; readonly toMs: number };
  readonly atMs: number;
  /** By when it was promised, and when it came. */
  readonly promisedAtMs: number | undefined;
  readonly deliveredAtMs: number | undefined;
}

const SIZE = { width: 480, height: 230, left: 66, right: 10, top: 12, bottom: 24 };

/** The arrival that the customer was told, over time: from the likely (p50) to the sure (p90), against what came. */
export function EtaPlot({ told, span, atMs, promisedAtMs, deliveredAtMs }: EtaPlotProps) {
  const timeZone = useMarketZone();
  const scale = scaleOf(SIZE, span, [
    ...told.flatMap(({ p50AtMs, p90AtMs }) => [p50AtMs, p90AtMs]),
    ...[promisedAtMs, deliveredAtMs].filter((each) => each !== undefined),
  ]);
  const level = (value: number | undefined, color: string, dash: string) =>
    value !== undefined && (
      <line
        x1={SIZE.left}
        x2={SIZE.width - SIZE.right}
        y1={scale.y(value)}
        y2={scale.y(value)}
        stroke={`var(--mui-palette-${color}-main)`}
        strokeWidth={2}
        strokeDasharray={dash}
      />
    );
  return (
    <Card component="section" aria-label="Arrival told over time" sx={{ p: 1.5 }}>
      <Typography variant="h5" component="h3">
        Arrival told
      </Typography>
      {told.length === 0 ? (
        <Typography color="textSecondary">No arrival was ever told.</Typography>
      ) : (
        <>
          <Box
            component="svg"
            viewBox={`0 0 ${SIZE.width} ${SIZE.height}`}
            role="img"
            aria-label={wordsOf(told, deliveredAtMs, timeZone)}
            sx={{ width: "100%", height: "auto", fontSize: 13, fill: "var(--mui-palette-text-secondary)" }}
          >
            <Axes scale={scale} />
            <path
              d={stepsOf(told, span.toMs, scale)}
              fill="var(--mui-palette-secondary-main)"
              fillOpacity={0.35}
              stroke="var(--mui-palette-secondary-main)"
              strokeWidth={1.2}
            />
            {level(promisedAtMs, "info", "2 5")}
            {level(deliveredAtMs, "success", "")}
            <line
              x1={scale.x(atMs)}
              x2={scale.x(atMs)}
              y1={SIZE.top}
              y2={SIZE.height - SIZE.bottom}
              stroke="var(--mui-palette-text-primary)"
              strokeWidth={1.5}
            />
          </Box>
          <Typography variant="body2" color="textSecondary">
            Band: from likely (p50) to nearly sure (p90). Dotted: promised.{" "}
            {deliveredAtMs === undefined ? "Not delivered yet." : "Solid: delivered."}
          </Typography>
        </>
      )}
    </Card>
  );
}

/** Lines at full minutes of the arrival, and times below. */
function Axes({ scale }: { readonly scale: Scale }) {
  const timeZone = useMarketZone();
  return (
    <>
      {scale.ticksY.map((value) => (
        <g key={value}>
          <line
            x1={SIZE.left}
            x2={SIZE.width - SIZE.right}
            y1={scale.y(value)}
            y2={scale.y(value)}
            stroke="var(--mui-palette-divider)"
          />
          <text x={SIZE.left - 6} y={scale.y(value) + 4} textAnchor="end">
            {formatClock(value, timeZone)}
          </text>
        </g>
      ))}
      {scale.ticksX.map((value) => (
        <text key={value} x={scale.x(value)} y={SIZE.height - 6} textAnchor="middle">
          {formatClock(value, timeZone)}
        </text>
      ))}
    </>
  );
}

function wordsOf(told: readonly Told[], deliveredAtMs: number | undefined, timeZone: string | undefined): string {
  const clock = (atMs: number | undefined) => formatClock(atMs ?? 0, timeZone);
  const came = deliveredAtMs === undefined ? "not delivered" : `delivered at ${clock(deliveredAtMs)}`;
  return `${told.length} times told, first ${clock(told[0]?.p50AtMs)}, last ${clock(told.at(-1)?.p50AtMs)}; ${came}`;
}
