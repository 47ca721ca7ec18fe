import { ERRORS, Refusal } from "#shared/contracts/errors.ts";

/** Whether the same thing may be asked again: nothing was answered, or what was answered says so. */
export function mayAskAgain(error: unknown): boolean {
  return !(error instanceof Refusal) || ERRORS[error.code].retry !== "never";
}
