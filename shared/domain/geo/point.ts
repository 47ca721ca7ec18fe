/** A place on the globe, WGS 84 degrees. Always by name, so that latitude and longitude are never swapped. */
export interface Point {
  readonly lat: number;
  readonly lng: number;
}
