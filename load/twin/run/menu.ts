import { traitsOf } from "../world/parameters.ts";

/** A dish of a test menu. */
export interface Dish {
  readonly name: string;
  readonly priceMinor: number;
}

const FIRST_PRICE_MINOR = 28_000;
const NEXT_PRICE_MINOR = 4_500;
const SIZES = ["small", "usual", "large", "for two", "of the day"] as const;

/** A short list of dishes, named after what the kitchen cooks; dearer where it cooks longer. */
export function menuOf(cuisine: string): Dish[] {
  const word = cuisine.replaceAll("_", " ");
  const base = FIRST_PRICE_MINOR + traitsOf(cuisine).firstMin * 600;
  return SIZES.map((size, index) => ({
    name: `${word.charAt(0).toUpperCase()}${word.slice(1)}, ${size}`,
    priceMinor: base + index * NEXT_PRICE_MINOR,
  }));
}
