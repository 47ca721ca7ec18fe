import { ERRORS, type ErrorCode } from "#shared/contracts/errors.ts";

/** Why a request came to nothing, as plain data that a store may keep. */
export interface Failure {
  /** The refusal's code, or `offline` when no answer came at all. */
  readonly code: ErrorCode | "offline";
  readonly title: string;
  readonly detail: string;
}

/** What the api or a socket command threw, in words for people. Whatever has no known code means that no answer came. */
export function failureOf(error: unknown): Failure {
  const code = codeOf(error);
  // The client library gives what never arrived this code, with the network's own error as its cause.
  const unreached = code === "hub.overloaded" && error instanceof Error && error.cause !== undefined;
  if (code === undefined || unreached) {
    const detail = "Nothing was lost: try again when the connection is back.";
    return { code: "offline", title: "Tiffin cannot be reached just now", detail };
  }
  const detail = error instanceof Error ? error.message : "";
  return { code, title: ERRORS[code].title, detail };
}

/** The refusal's code, or undefined when the error is not a refusal. */
export function codeOf(error: unknown): ErrorCode | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  const { code } = error;
  return typeof code === "string" && isErrorCode(code) ? code : undefined;
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}
