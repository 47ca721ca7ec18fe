import { Refusal } from "#shared/contracts/errors.ts";

/** Deeper than any form of ours; a reader that recurses stays far from the end of its stack. */
const DEEPEST = 16;
/** NUL, which Postgres stores in no text, and halves of characters, which it stores in no JSON. */
const UNSTORABLE = /\0|\p{Surrogate}/u;

/**
 * Refuses what has no form of ours whatever the command: too deep, or text that no store can keep. Asked before the
 * schema, at every edge. [API6]
 *
 * @throws {Refusal} `payload.invalid`
 */
export function refuseUnclean(input: unknown): void {
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value: input, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, depth } = next;
    if (typeof value === "string" && UNSTORABLE.test(value)) {
      throw new Refusal("payload.invalid", "text holds a character that cannot be stored");
    }
    if (typeof value !== "object" || value === null) continue;
    if (depth === DEEPEST) throw new Refusal("payload.invalid", `nested deeper than ${DEEPEST}`);
    for (const [key, inner] of Object.entries(value)) {
      open.push({ value: key, depth: depth + 1 }, { value: inner, depth: depth + 1 });
    }
  }
}
