/** Who watches, and as what. It decides the projection. */
export interface Viewer {
  readonly as: "customer" | "kitchen" | "courier" | "ops";
  readonly personId: string;
}
