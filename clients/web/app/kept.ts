import { emptyBasket, type BasketState } from "../features/basket/basket.ts";
import { noPlace, type PlaceState } from "../features/browse/place.ts";

interface Kept {
  readonly basket: BasketState;
  readonly place: PlaceState;
}

const KEY = "tiffin.customer.1";

/** Keeps basket and place in the browser. A form that an older version has written is left behind, with its number. */
export function keepSlices(storage: Storage) {
  let last: Kept | undefined;
  return {
    read(): Kept {
      try {
        const value: unknown = JSON.parse(storage.getItem(KEY) ?? "{}");
        // Cast: written by `write` below under the same number.
        return { basket: emptyBasket, place: noPlace, ...(value as Partial<Kept>) };
      } catch {
        return { basket: emptyBasket, place: noPlace };
      }
    },
    write(state: Kept): void {
      if (last?.basket === state.basket && last.place === state.place) return;
      last = { basket: state.basket, place: state.place };
      storage.setItem(KEY, JSON.stringify(last));
    },
  };
}
