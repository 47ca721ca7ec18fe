import type { Db } from "#shared/server/db/connect.ts";
import type { UnitOfWork } from "#shared/server/db/unit-of-work.ts";
import type { MarketReader } from "#shared/server/life/etas.ts";

import type { Passwords } from "../../auth/passwords.ts";

/** What the use cases of administration stand on. */
export interface AdministrationDeps {
  readonly db: Db;
  readonly uow: UnitOfWork;
  readonly market: MarketReader;
  readonly passwords: Passwords;
}
