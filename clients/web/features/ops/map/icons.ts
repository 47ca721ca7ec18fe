import type { Map as GlMap } from "maplibre-gl";

import { ORDER_LOOKS } from "./looks.ts";
import type { MapPalette } from "./palette.ts";

/** CSS px; drawn at twice the size for fine screens. */
const SIDE = 36;
const RATIO = 2;
const HOUSE = new Path2D("M4 11 12 4l8 7v9h-5v-6H9v6H4z");
const FORK = new Path2D("M7 3v7a2 2 0 0 0 4 0V3M9 10v11M17 3c-2 1-3 4-3 7h3v11");

/** Gives the map the pictures of its symbols, in the palette's colours. They are drawn, so nothing is fetched. */
export function addIcons(map: GlMap, palette: MapPalette): void {
  for (const look of ORDER_LOOKS) put(map, `door-${look}`, drawn(palette.orders[look], palette.rim, HOUSE));
  put(map, "restaurant", drawn(palette.rim, palette.restaurant, FORK));
}

function put(map: GlMap, name: string, image: ImageData): void {
  if (map.hasImage(name)) map.removeImage(name);
  map.addImage(name, image, { pixelRatio: RATIO });
}

/** A round plate with a line drawing in it. */
function drawn(fill: string, line: string, path: Path2D): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = SIDE * RATIO;
  canvas.height = SIDE * RATIO;
  const context = canvas.getContext("2d");
  if (!context) throw new Error("this browser draws no pictures");
  context.scale(RATIO, RATIO);
  context.beginPath();
  context.arc(SIDE / 2, SIDE / 2, SIDE / 2 - 2, 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.fill();
  context.lineWidth = 2.5;
  context.strokeStyle = line;
  context.stroke();
  context.translate(SIDE / 2 - 10, SIDE / 2 - 10);
  context.scale(20 / 24, 20 / 24);
  context.lineWidth = 2.4;
  context.lineCap = "round";
  context.lineJoin = "round";
  context.stroke(path);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
