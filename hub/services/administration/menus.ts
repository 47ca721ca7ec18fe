import type { ParsedInput } from "#shared/contracts/catalogue/catalogue.ts";
import type { EventType } from "#shared/contracts/events.ts";
import { Refusal } from "#shared/contracts/errors.ts";
import type { MenuItem } from "#shared/contracts/views.ts";
import {
  archiveItem,
  categoryIsOf,
  readItems,
  replaceGroups,
  saveCategory,
  saveItem,
  setAvailability,
} from "#shared/server/db/menus.ts";
import { readRestaurant } from "#shared/server/db/restaurants.ts";
import type { Work } from "#shared/server/db/unit-of-work.ts";

import { commandOf } from "../command-of.ts";
import { identityOf } from "../orders/who.ts";
import type { Caller, UseCases } from "../use-cases.ts";
import { actorFor } from "./actor-for.ts";
import type { AdministrationDeps } from "./deps.ts";

type MenuCases = Pick<UseCases, "category.save" | "item.save" | "item.set-availability" | "item.archive">;

/**
 * Menus. Ids come from the caller, so that a repeated save changes the row that it made; an id of another restaurant is
 * answered as unknown. What changes is told to the restaurant's stream. [ADM4-ADM7]
 */
export function menuUseCases({ uow }: AdministrationDeps): MenuCases {
  function inRestaurant<N extends keyof MenuCases, T>(
    name: N,
    work: (w: Work, input: ParsedInput<N>, caller: Caller) => Promise<T>,
  ) {
    return (caller: Caller, input: ParsedInput<N>): Promise<T> =>
      uow.command(commandOf(caller, name, input), async (w) => {
        actorFor(caller, name, input);
        if (!(await readRestaurant(w.tx, input.marketId, input.restaurantId))) {
          throw new Refusal("restaurant.not-found", "no such restaurant here");
        }
        return work(w, input, caller);
      });
  }

  return {
    "category.save": inRestaurant("category.save", async (w, input, caller) => {
      found(await saveCategory(w.tx, input), "category");
      const { id, name, position } = input;
      append(w, caller, "category.save", input, { category: { id, name, position } });
      return { id };
    }),

    "item.save": inRestaurant("item.save", async (w, { modifierGroups, ...row }, caller) => {
      refuseRepeatedIds(modifierGroups);
      found(await categoryIsOf(w.tx, row, row.categoryId), "category");
      found(await saveItem(w.tx, { ...row, archived: false }), "item");
      found(await replaceGroups(w.tx, row.marketId, row.id, modifierGroups), "free id for a group of choices");
      return tell(w, caller, "item.save", row);
    }),

    "item.set-availability": inRestaurant("item.set-availability", async (w, input, caller) => {
      found(await setAvailability(w.tx, input), "item");
      return tell(w, caller, "item.set-availability", input);
    }),

    "item.archive": inRestaurant("item.archive", async (w, input, caller) => {
      found(await archiveItem(w.tx, input), "item");
      append(w, caller, "item.archive", input, { item: { id: input.id, available: false, archived: true } });
      return {};
    }),
  };
}

interface Place {
  readonly marketId: string;
  readonly restaurantId: string;
  readonly id: string;
}

/** The item as it is now, told to the restaurant's stream. */
async function tell(w: Work, caller: Caller, name: keyof MenuCases, place: Place): Promise<MenuItem> {
  const items = await readItems(w.tx, place.marketId, place.restaurantId, [place.id]);
  const item = items.get(place.id);
  if (!item) throw new Refusal("menu.not-found", "no such item here");
  append(w, caller, name, place, { item });
  return item;
}

const TOLD_AS = {
  "category.save": "category.changed",
  "item.save": "item.changed",
  "item.set-availability": "item.changed",
  "item.archive": "item.archived",
} as const satisfies Record<keyof MenuCases, EventType>;

function append(w: Work, caller: Caller, name: keyof MenuCases, place: Place, payload: object): void {
  w.append({
    marketId: place.marketId,
    type: TOLD_AS[name],
    payload: { ...payload },
    actorRole: actorFor(caller, name, place),
    actorId: identityOf(caller).personId,
    in: { restaurant: place.restaurantId },
  });
}

function found(there: boolean, what: string): void {
  if (!there) throw new Refusal("menu.not-found", `no such ${what} here`);
}

function refuseRepeatedIds(groups: ParsedInput<"item.save">["modifierGroups"]): void {
  const ids = groups.flatMap((group) => [group.id, ...group.options.map((option) => option.id)]);
  if (new Set(ids).size < ids.length) throw new Refusal("payload.invalid", "modifierGroups: an id stands twice");
}
