import Box from "@mui/material/Box";

/** Hues of spices, from turmeric to plum. */
const HUES = [42, 28, 14, 4, 345, 320, 96, 132, 160, 182];

/** A restaurant's band of colour with its initial: the same for the same name, in place of a photo that it has not given. */
export function TinBand({
  name,
  quiet = false,
  height = 92,
}: {
  readonly name: string;
  readonly quiet?: boolean;
  readonly height?: number;
}) {
  const sum = Array.from(name).reduce((total, letter) => (total * 31 + (letter.codePointAt(0) ?? 0)) % 9973, 7);
  const hue = HUES[sum % HUES.length] ?? 42;
  const ring = `hsl(${hue} 60% 96% / .16)`;
  return (
    <Box
      aria-hidden
      sx={{
        height,
        position: "relative",
        overflow: "hidden",
        filter: quiet ? "grayscale(.75)" : "none",
        background: `radial-gradient(circle at ${12 + (sum % 60)}% 120%, ${ring} 0 34%, transparent 34.5% 46%, ${ring} 46.5% 58%, transparent 58.5%), linear-gradient(120deg, hsl(${hue} 58% 36%), hsl(${hue + 14} 64% 27%))`,
      }}
    >
      <Box
        component="span"
        sx={{
          position: "absolute",
          right: 18,
          bottom: -18,
          fontFamily: "h1.fontFamily",
          fontWeight: 700,
          fontSize: height * 1.05,
          lineHeight: 1,
          color: `hsl(${hue} 60% 96% / .85)`,
        }}
      >
        {Array.from(name)[0]?.toUpperCase()}
      </Box>
    </Box>
  );
}
