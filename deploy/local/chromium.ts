import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

import { canInstall, install } from "./apt.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** The browser for journeys: CHROMIUM, else one on PATH; undefined when there is none. */
export function findChromium(env: Readonly<Record<string, string | undefined>> = process.env): string | undefined {
  const given = env["CHROMIUM"];
  if (given !== undefined && given !== "") return given;
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  // Where apt puts it, even when PATH does not show it.
  const places = [...folders, "/usr/bin"].flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return places.find((place) => existsSync(place));
}

/**
 * Finds the browser, or installs Debian's where we are root. Answers undefined where there is none and none could be
 * installed; the journeys then say that they were skipped.
 */
export function ensureChromium(tell: (sentence: string) => void): string | undefined {
  const found = findChromium();
  if (found !== undefined || !canInstall()) return found;
  tell("Installing Chromium for the journeys (once)…");
  install("Chromium", ["chromium"], tell);
  return findChromium();
}
