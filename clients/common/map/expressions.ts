import type { ExpressionSpecification } from "maplibre-gl";

import type { MapLayer } from "#shared/contracts/map.ts";

export const CITY_SOURCE = "city";

/**
 * An expression of the style's language. Its own type is every sentence of that language, which a compiler works through
 * for minutes: the style's test checks them instead.
 */
export function expression(...parts: readonly unknown[]): ExpressionSpecification {
  return parts as unknown as ExpressionSpecification; // Cast: see above.
}

/** Values by zoom, with steady steps between. */
export function byZoom(...stops: readonly (readonly [zoom: number, value: unknown])[]): ExpressionSpecification {
  return expression("interpolate", ["linear"], ["zoom"], ...stops.flat(1));
}

/** A size that grows with the zoom as the streets do. */
export function grown(...stops: readonly (readonly [zoom: number, size: unknown])[]): ExpressionSpecification {
  return expression("interpolate", ["exponential", 1.5], ["zoom"], ...stops.flat(1));
}

/** A value by a field's word. */
export function byWord(
  field: string,
  values: Readonly<Record<string, unknown>>,
  other: unknown,
): ExpressionSpecification {
  return expression("match", ["get", field], ...Object.entries(values).flat(1), other);
}

/** Whether a field is one of these words. */
export function isOneOf(field: string, words: readonly string[]): ExpressionSpecification {
  return expression("in", ["get", field], ["literal", words]);
}

export function has(field: string): ExpressionSpecification {
  return expression("has", field);
}

export function not(condition: ExpressionSpecification): ExpressionSpecification {
  return expression("!", condition);
}

/** Whether all of it holds. */
export function allOf(...conditions: readonly ExpressionSpecification[]): ExpressionSpecification {
  return expression("all", ...conditions);
}

export const NAME = expression("get", "name");

/** Where a layer's features come from. */
export function of(layer: MapLayer) {
  return { source: CITY_SOURCE, "source-layer": layer };
}
