import Box from "@mui/material/Box";
import ButtonBase from "@mui/material/ButtonBase";
import Typography from "@mui/material/Typography";

import { figuresOf, type Board, type Figures, type Filter } from "./board.ts";
import { pathOf, useTrend } from "./trend.ts";

export interface FigureStripProps {
  readonly board: Board;
  readonly nowMs: number;
  readonly only: Filter["only"];
  readonly onOnly: (only: Filter["only"]) => void;
}

const WIDTH = 88;
const HEIGHT = 26;

/** The figures of the market with their way since the screen was opened; those that name orders narrow the list to them. */
export function FigureStrip({ board, nowMs, only, onOnly }: FigureStripProps) {
  const figures = figuresOf(board, nowMs);
  const trend = useTrend(figures, board.atMs);
  const tile = (name: string, key: keyof Figures, more: Partial<TileProps> = {}) => (
    <Tile name={name} value={figures[key]} way={trend.map((each) => each[key])} {...more} />
  );
  const narrows = (to: Filter["only"]) => ({ pressed: only === to, onClick: () => onOnly(only === to ? "all" : to) });
  return (
    <Box
      role="group"
      aria-label="Figures"
      sx={{
        display: "grid",
        gap: 1,
        gridTemplateColumns: { xs: "repeat(3, minmax(0, 1fr))", md: "repeat(5, minmax(0, 1fr))" },
      }}
    >
      {tile("Open orders", "open")}
      {tile("Late", "late", { alarming: figures.late > 0, ...narrows("late") })}
      {tile("Without courier", "waiting", narrows("waiting"))}
      {tile(`Free of ${figures.onDuty} couriers`, "free")}
      {tile("Placed in 30 min", "placedLately")}
    </Box>
  );
}

interface TileProps {
  readonly name: string;
  readonly value: number;
  readonly way: readonly number[];
  readonly alarming?: boolean;
  readonly pressed?: boolean;
  readonly onClick?: () => void;
}

function Tile({ name, value, way, alarming = false, pressed = false, onClick }: TileProps) {
  const button = onClick ? ({ component: ButtonBase, onClick, "aria-pressed": pressed } as const) : {};
  return (
    <Box
      {...button}
      sx={{
        display: "flex",
        flexDirection: "column",
        alignItems: "stretch",
        textAlign: "left",
        px: 1.5,
        py: 0.75,
        borderRadius: 2,
        border: 1,
        borderColor: pressed ? "primary.main" : "divider",
        bgcolor: "background.paper",
        boxShadow: pressed ? "inset 0 0 0 1px currentColor" : "none",
        color: "text.primary",
        minWidth: 0,
      }}
    >
      <Box sx={{ display: "flex", justifyContent: "space-between", alignItems: "end", gap: 1 }}>
        <Typography
          variant="h3"
          component="span"
          sx={{ fontVariantNumeric: "tabular-nums", color: alarming ? "error.main" : undefined }}
        >
          {value.toLocaleString()}
        </Typography>
        <Box
          component="svg"
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          aria-hidden
          sx={{ width: WIDTH, minWidth: 0, height: HEIGHT, color: alarming ? "error.main" : "primary.main" }}
        >
          <path d={pathOf(way, WIDTH, HEIGHT)} fill="none" stroke="currentColor" strokeWidth="1.8" />
        </Box>
      </Box>
      <Typography variant="body2" color="textSecondary" noWrap>
        {name}
      </Typography>
    </Box>
  );
}
