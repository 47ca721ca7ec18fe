import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The package of the tiles, a development dependency. */
const PACKAGE = "@mapbox/mvt-fixtures";

/** Where the package says its version. */
export function demoPackageJson(): string {
  return fileURLToPath(import.meta.resolve("@mapbox/mvt-fixtures/package.json"));
}

/** Cities that a package brings along, so that everybody has one without fetching anything. */
export const DEMO_CITIES = {
  montevideo: {
    name: "Montevideo",
    source: `${PACKAGE}: real-world/osm-qa-montevideo`,
    get inputs(): readonly string[] {
      return [join(dirname(demoPackageJson()), "real-world/osm-qa-montevideo")];
    },
  },
} as const;

export function isDemoCity(name: string): name is keyof typeof DEMO_CITIES {
  return Object.hasOwn(DEMO_CITIES, name);
}
