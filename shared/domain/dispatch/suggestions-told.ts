import type { BlackBoxSuggestion } from "../../contracts/black-box.ts";
import { SUGGESTION_ENDS } from "../../contracts/states.ts";
import { moveSuggestion } from "../../contracts/views.ts";

/** An event of a courier's stream. */
interface SuggestionEvent {
  readonly type: string;
  readonly atMs: number;
  readonly payload: Readonly<Record<string, unknown>>;
}

/**
 * What a courier was advised, and how each of it ended, from the courier's events: a newer one takes the place of an older one,
 * and one that nothing ended had passed, or still stood, at its `expiresAtMs`. [DSP48]
 *
 * @param events of one courier's suggestions, oldest first; an end whose beginning is not among them says nothing
 */
export function suggestionsTold(
  courier: Pick<BlackBoxSuggestion, "courierId" | "courierName">,
  events: readonly SuggestionEvent[],
): BlackBoxSuggestion[] {
  return events.flatMap((event, index) => {
    const made =
      event.type === "suggestion.made" ? moveSuggestion.safeParse(event.payload["suggestion"]).data : undefined;
    if (!made) return [];
    const next = events[index + 1];
    const ended = next && next.atMs < made.expiresAtMs ? endOf(next.type) : null;
    const { id, restaurantName, madeAtMs, expiresAtMs, wayMs } = made;
    return [
      {
        ...courier,
        id,
        restaurantName,
        madeAtMs,
        expiresAtMs,
        wayMs,
        ended,
        endedAtMs: ended && next ? next.atMs : null,
      },
    ];
  });
}

function endOf(type: string): BlackBoxSuggestion["ended"] {
  if (type === "suggestion.made") return "replaced";
  return SUGGESTION_ENDS.find((end) => type === `suggestion.${end}`) ?? null;
}
