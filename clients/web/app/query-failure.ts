import type { SerializedError } from "@reduxjs/toolkit";

import { failureOf, type Failure } from "../../common/failure.ts";

/** The failure of a query; what was thrown beside our own failures counts as no answer. */
export function queryFailure(error: Failure | SerializedError | undefined): Failure {
  return error && "title" in error ? error : failureOf(error);
}
