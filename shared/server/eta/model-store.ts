import { etaChoices, etaModels } from "#drizzle/schema/eta.ts";

import { makeVersionStore } from "../db/version-store.ts";
import { MODEL_FORMAT } from "./model-format.ts";

/** What was learned of markets' times (`EtaTrials` beside it); no version in force: the priors. */
export const etaVersions = makeVersionStore({ learned: etaModels, choices: etaChoices, format: MODEL_FORMAT });
