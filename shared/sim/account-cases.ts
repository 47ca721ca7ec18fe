import type { CommandName, ParsedInput } from "../contracts/catalogue/catalogue.ts";
import type { HeldRole, OpenedSession } from "../contracts/catalogue/accounts.ts";
import { Refusal } from "../contracts/errors.ts";
import { zoneOf } from "../domain/geo/cells.ts";
import { roleFor } from "../domain/rights/rights.ts";
import { viewOf } from "./browsing-cases.ts";
import { identityOf, type SimCaller, type SimCases, type SimDeps } from "./cases.ts";
import type { SimPerson, SimRestaurant } from "./store.ts";

/** Simulated sessions outlive every run: nothing in them depends on wall time. */
export const SESSION_ENDS_AT_MS = 8_640_000_000_000;
const TOKEN = "simulated person ";

/** The access token of a person. */
export function tokenOf(personId: string): string {
  return TOKEN + personId;
}

/** The person of a token, as far as it is one of ours. */
export function personOf(token: string | undefined): string | undefined {
  return token?.startsWith(TOKEN) ? token.slice(TOKEN.length) : undefined;
}

/** Accounts and sessions, and what an administrator makes: enough to bring a cast on. */
export function accountCases(deps: SimDeps): SimCases {
  const { store, command } = deps;
  const opened = (person: SimPerson): OpenedSession => ({
    person: { id: person.id, name: person.name, email: person.email, roles: [...person.roles] },
    accessToken: tokenOf(person.id),
    accessExpiresAtMs: SESSION_ENDS_AT_MS,
    refreshToken: tokenOf(person.id),
  });
  return {
    ...restaurantCases(deps),
    ...menuCases(deps),

    "account.register": (_caller, { email, name, password }) => {
      if (store.byEmail.has(email)) {
        throw new Refusal("account.exists", "this e-mail address has an account; sign in");
      }
      const role = { role: "customer", marketId: null, restaurantId: null } as const;
      return opened(addPerson(deps, { email, name, password }, role));
    },
    "session.open": (_caller, { email, password }) => {
      const person = store.byEmail.get(email);
      if (person?.password !== password) {
        throw new Refusal("auth.wrong-credentials", "no account has this e-mail address and password");
      }
      return opened(person);
    },
    "session.refresh": (_caller, { refreshToken }) => {
      const person = store.people.get(personOf(refreshToken) ?? "");
      if (!person) throw new Refusal("auth.session-ended", "the session has ended; sign in again");
      return opened(person);
    },
    "session.close": () => ({}),
    "me.read": (caller) => {
      const { person } = opened(personThere(deps, caller));
      return person;
    },

    "staff.add": (caller, input) =>
      command(caller, "staff.add", input, () => {
        const { role, marketId, restaurantId } = input;
        const ofRestaurant = role === "kitchen" || role === "restaurant_admin";
        if (ofRestaurant !== (restaurantId !== null)) {
          throw new Refusal("payload.invalid", "restaurantId: needed for a restaurant's role, and for no other");
        }
        actorFor(caller, "staff.add", { marketId, restaurantId: restaurantId ?? undefined });
        if (restaurantId !== null) restaurantThere(deps, { marketId, restaurantId });
        const person = addPerson(deps, input, { role, marketId, restaurantId });
        return { personId: person.id, name: person.name, email: person.email, role, restaurantId };
      }),

    "courier.create": (caller, input) =>
      command(caller, "courier.create", input, (w) => {
        const { marketId, vehicle, capacity, name } = input;
        deps.life.market(marketId);
        const known = store.byEmail.get(input.email);
        if (known && store.courierOf.has(`${marketId}/${known.id}`)) {
          throw new Refusal("account.exists", "this person is a courier here already");
        }
        const person = addPerson(deps, input, { role: "courier", marketId, restaurantId: null });
        const { row } = store.setCourier({
          marketId,
          id: deps.newId(),
          personId: person.id,
          name,
          vehicle,
          capacity,
          active: true,
          lastLat: null,
          lastLng: null,
          lastFixAtMs: null,
          createdAtMs: w.nowMs,
        });
        return { id: row.id, personId: person.id, name, vehicle, capacity, active: true, shift: null };
      }),
  };
}

/** Gives somebody a role; an account is opened for a new e-mail address. */
export function addPerson(
  { store, newId }: Pick<SimDeps, "store" | "newId">,
  { email, name, password }: { readonly email: string; readonly name: string; readonly password: string },
  role: HeldRole,
): SimPerson {
  const known = store.byEmail.get(email);
  const person = known ?? { id: newId(), name, email, password, roles: [] };
  if (person.roles.some((held) => held.role === role.role && held.restaurantId === role.restaurantId)) {
    throw new Refusal("account.exists", "this person holds the role already");
  }
  person.roles = [...person.roles, role];
  store.people.set(person.id, person);
  store.byEmail.set(email, person);
  return person;
}

function personThere({ store }: SimDeps, caller: SimCaller): SimPerson {
  const person = store.people.get(identityOf(caller).personId);
  if (!person) throw new Refusal("auth.session-ended", "the session has ended; sign in again");
  return person;
}

function restaurantCases(deps: SimDeps): SimCases {
  const { store, command } = deps;
  return {
    "restaurant.create": (caller, input) =>
      command(caller, "restaurant.create", input, (w) => {
        deps.life.market(input.marketId);
        const { hours, point, ...profile } = input;
        const placed = { ...profile, ...point, id: deps.newId(), zone: zoneOf(point) };
        const row = { ...placed, paused: false, active: true, createdAtMs: w.nowMs };
        const made: SimRestaurant = { row, hours, categories: new Map(), items: new Map(), open: new Set() };
        store.restaurants.set(row.id, made);
        return viewOf(deps, made);
      }),
    "restaurant.pause": (caller, input) =>
      command(caller, "restaurant.pause", input, (w) => {
        const actorRole = actorFor(caller, "restaurant.pause", input);
        const restaurant = restaurantThere(deps, input);
        restaurant.row = { ...restaurant.row, paused: input.paused };
        const view = viewOf(deps, restaurant);
        w.append({
          marketId: input.marketId,
          type: "restaurant.paused",
          payload: { restaurant: view },
          actorRole,
          actorId: identityOf(caller).personId,
          in: { restaurant: input.restaurantId },
        });
        return view;
      }),
  };
}

function menuCases(deps: SimDeps): SimCases {
  const { command } = deps;
  return {
    "category.save": (caller, input) =>
      command(caller, "category.save", input, (w) => {
        const actorRole = actorFor(caller, "category.save", input);
        const { id, name, position } = input;
        restaurantThere(deps, input).categories.set(id, { name, position });
        w.append({
          marketId: input.marketId,
          type: "category.changed",
          payload: { category: { id, name, position } },
          actorRole,
          actorId: identityOf(caller).personId,
          in: { restaurant: input.restaurantId },
        });
        return { id };
      }),
    "item.save": (caller, input) =>
      command(caller, "item.save", input, (w) => {
        actorFor(caller, "item.save", input);
        const restaurant = restaurantThere(deps, input);
        const { marketId: _market, restaurantId: _restaurant, position, ...item } = input;
        if (!restaurant.categories.has(item.categoryId)) throw new Refusal("menu.not-found", "no such category here");
        restaurant.items.set(item.id, { item, position, archived: false });
        tellItem(w, caller, "item.save", input, item);
        return item;
      }),
    "item.set-availability": (caller, input) =>
      command(caller, "item.set-availability", input, (w) => {
        actorFor(caller, "item.set-availability", input);
        const kept = restaurantThere(deps, input).items.get(input.id);
        if (!kept || kept.archived) throw new Refusal("menu.not-found", "no such item here");
        const { available, stock = kept.item.stock } = input;
        kept.item = { ...kept.item, available, stock };
        tellItem(w, caller, "item.set-availability", input, kept.item);
        return kept.item;
      }),
  };
}

function tellItem(
  w: Parameters<Parameters<SimDeps["run"]>[0]>[0],
  caller: SimCaller,
  name: CommandName,
  { marketId, restaurantId }: Pick<ParsedInput<"item.save">, "marketId" | "restaurantId">,
  item: object,
): void {
  w.append({
    marketId,
    type: "item.changed",
    payload: { item },
    actorRole: actorFor(caller, name, { marketId, restaurantId }),
    actorId: identityOf(caller).personId,
    in: { restaurant: restaurantId },
  });
}

function actorFor(
  caller: SimCaller,
  name: CommandName,
  { marketId, restaurantId }: { readonly marketId: string; readonly restaurantId?: string | undefined },
) {
  const role = roleFor(identityOf(caller), name, { marketId, restaurantId });
  if (!role) throw new Refusal("right.missing", `none of your roles may ${name} here`);
  return role;
}

function restaurantThere(
  { store }: SimDeps,
  { marketId, restaurantId }: { readonly marketId: string; readonly restaurantId: string },
): SimRestaurant {
  const found = store.restaurants.get(restaurantId);
  if (found?.row.marketId !== marketId) throw new Refusal("restaurant.not-found", "no such restaurant here");
  return found;
}
