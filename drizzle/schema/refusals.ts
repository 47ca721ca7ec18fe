import { choiceTable, learnedTable } from "./versions.ts";

/** What was learned of how a market's couriers answer offers. */
export const refusalModels = learnedTable("refusal_models");

/** Which version rounds go by. Null: everybody is taken to accept. */
export const refusalChoices = choiceTable("refusal_choices", refusalModels, "refusal_choices_version_fk");
