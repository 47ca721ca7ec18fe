import type { CommandOutput } from "#shared/contracts/catalogue/catalogue.ts";
import type { FoundPlace } from "#shared/contracts/catalogue/geocoding.ts";
import type { Clock } from "#shared/lib/clock.ts";

import { failureOf, type Failure } from "../../../common/failure.ts";

type Answer = CommandOutput<"places.search">;

/** What the address field shows below the text. */
export interface Suggestions {
  /** The text that they answer. */
  readonly text: string;
  readonly places: readonly FoundPlace[];
  /** Whose data they are; null before the first answer, and where no addresses are known. */
  readonly attribution: string | null;
  readonly isAsking: boolean;
  readonly failure: Failure | undefined;
}

export const NO_SUGGESTIONS: Suggestions = {
  text: "",
  places: [],
  attribution: null,
  isAsking: false,
  failure: undefined,
};

export interface AddressSearchDeps {
  readonly clock: Clock;
  readonly search: (text: string, signal: AbortSignal) => Promise<Answer>;
  readonly show: (suggestions: Suggestions) => void;
}

export interface AddressSearch {
  /** The text is this now. */
  readonly typed: (text: string) => void;
  /** Nothing is wanted any more: a place was chosen, or the field is gone. */
  readonly stop: () => void;
}

/** Typing rests when no key was pressed for so long, wall ms. */
export const RESTS_AFTER_MS = 200;
const LEAST_LETTERS = 2;

/**
 * Asks for addresses while somebody types: once typing rests, for the newest text alone. What was asked before is dropped;
 * the last suggestions stay until there are others. [GEO12]
 */
export function makeAddressSearch({ clock, search, show }: AddressSearchDeps): AddressSearch {
  let shown = NO_SUGGESTIONS;
  let cancel = (): void => {};
  const put = (change: Partial<Suggestions>): void => {
    shown = { ...shown, ...change };
    show(shown);
  };

  const ask = async (text: string, asking: AbortController): Promise<void> => {
    put({ isAsking: true, failure: undefined });
    try {
      const { places, attribution } = await search(text, asking.signal);
      if (!asking.signal.aborted) put({ text, places, attribution, isAsking: false });
    } catch (error) {
      if (!asking.signal.aborted) put({ text, places: [], isAsking: false, failure: failureOf(error) });
    }
  };

  const stop = (): void => {
    cancel();
    cancel = () => {};
    if (shown.isAsking) put({ isAsking: false });
  };

  return {
    typed(text) {
      stop();
      const wanted = text.trim();
      if (wanted.length < LEAST_LETTERS) return put({ text: wanted, places: [], failure: undefined });
      if (wanted === shown.text && !shown.failure) return undefined;
      const asking = new AbortController();
      const forget = clock.after(RESTS_AFTER_MS, () => void ask(wanted, asking));
      cancel = () => {
        forget();
        asking.abort();
      };
      return undefined;
    },
    stop,
  };
}
