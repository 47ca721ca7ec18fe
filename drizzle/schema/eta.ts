import { choiceTable, learnedTable } from "./versions.ts";

/** What was learned of a market's times. */
export const etaModels = learnedTable("eta_models");

/** Which version a market's times come from. Null: from the priors. */
export const etaChoices = choiceTable(
  "eta_choices",
  etaModels,
  "eta_choices_market_id_version_eta_models_market_id_version_fk",
);
