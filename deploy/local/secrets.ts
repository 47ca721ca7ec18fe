import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { writeWhole } from "./write-whole.ts";

/** What an embedded deployment makes up once and keeps, so that sessions and payments survive a restart. */
export interface LocalSecrets {
  readonly jwtSecret: string;
  readonly stripeSecretKey: string;
  readonly stripePublishableKey: string;
  readonly stripeWebhookSecret: string;
}

/** Reads the secrets of a data folder; makes them the first time, for the owner's eyes alone. */
export function localSecrets(dir: string): LocalSecrets {
  const file = join(dir, "secrets.json");
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as LocalSecrets; // Cast: written below, nowhere else.
  const random = (): string => randomBytes(32).toString("hex");
  const secrets: LocalSecrets = {
    jwtSecret: random(),
    stripeSecretKey: `sk_test_${random()}`,
    stripePublishableKey: `pk_test_${random()}`,
    stripeWebhookSecret: `whsec_${random()}`,
  };
  writeWhole(file, JSON.stringify(secrets), 0o600);
  return secrets;
}
