import { expect, test } from "vitest";

import { gridCity } from "#shared/testing/grid-city.ts";

import { CityFileError, decodeCity, encodeCity } from "./city-file.ts";
import { covers, mayRide } from "./city.ts";

test("[CTY1] a city comes back from its file as it was, also from bytes that begin anywhere", () => {
  const city = { ...gridCity(), hierarchies: { car: { rank: Uint32Array.of(3, 1, 2) } } };
  const bytes = encodeCity(city);
  expect(decodeCity(bytes)).toEqual(city);
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  expect(decodeCity(shifted.subarray(3))).toEqual(city);
});

test("[CTY1] what is no city, cut short or of another version is refused in words", () => {
  const bytes = encodeCity(gridCity());
  expect(() => decodeCity(new Uint8Array(40))).toThrow(CityFileError);
  expect(() => decodeCity(bytes.subarray(0, bytes.length - 64))).toThrow(/cut short/);
  const other = Uint8Array.from(bytes);
  const format = new TextDecoder().decode(bytes).indexOf('"format":1');
  other[format + '"format":'.length] = "9".codePointAt(0) ?? 0;
  expect(() => decodeCity(other)).toThrow(/another version/);
});

test("[CTY1] who may ride a segment which way, and what the frame holds", () => {
  const { streets, meta } = gridCity();
  const oneWay = streets.access.findIndex((each) => each !== 255);
  expect(mayRide(streets, oneWay, "car", true)).toBe(true);
  expect(mayRide(streets, oneWay, "car", false)).toBe(false);
  expect(mayRide(streets, oneWay, "foot", false)).toBe(true);
  expect(covers(meta, meta.southWest)).toBe(true);
  expect(covers(meta, { lat: 0, lng: 0 })).toBe(false);
});
