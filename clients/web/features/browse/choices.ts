import type { MenuItem, ModifierGroup } from "#shared/contracts/views.ts";

/** Chosen options by group. */
export type Choices = Readonly<Record<string, readonly string[]>>;

/** A tap on an option: in a group of one it replaces, otherwise it is put in or taken out, never above the most. */
export function toggled(choices: Choices, group: ModifierGroup, optionId: string): Choices {
  const chosen = choices[group.id] ?? [];
  if (chosen.includes(optionId)) {
    // A required single choice is changed by choosing another, not by tapping it away.
    if (group.maxChoices === 1 && group.minChoices === 1) return choices;
    return { ...choices, [group.id]: chosen.filter((id) => id !== optionId) };
  }
  if (group.maxChoices === 1) return { ...choices, [group.id]: [optionId] };
  return chosen.length >= group.maxChoices ? choices : { ...choices, [group.id]: [...chosen, optionId] };
}

/** Groups in which something is still to be chosen. */
export function openGroups(item: MenuItem, choices: Choices): ModifierGroup[] {
  return item.modifierGroups.filter((group) => (choices[group.id]?.length ?? 0) < group.minChoices);
}

/** Options in the menu's order, so that the same choice is the same line. */
export function chosenOptions(item: MenuItem, choices: Choices) {
  return item.modifierGroups.flatMap((group) =>
    group.options.filter((option) => choices[group.id]?.includes(option.id)),
  );
}

/** What one of it costs by the menu that is shown; the quote decides. */
export function unitMinor(item: MenuItem, choices: Choices): number {
  return chosenOptions(item, choices).reduce((sum, option) => sum + option.priceMinor, item.priceMinor);
}

/** "choose 1", "up to 3", "2 to 4". */
export function ruleText({ minChoices, maxChoices }: ModifierGroup): string {
  if (minChoices === maxChoices) return `choose ${minChoices}`;
  return minChoices === 0 ? `up to ${maxChoices}` : `${minChoices} to ${maxChoices}`;
}

/** Whether it can be ordered now. */
export function inStock(item: MenuItem): boolean {
  return item.available && item.stock !== 0;
}
