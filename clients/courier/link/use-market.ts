import { useSession } from "../../common/use-session.ts";
import { useServices } from "../app/services.ts";

/** The market in which whoever is signed in rides. */
export function useMarketId(): string | undefined {
  const { session } = useServices();
  return useSession(session)?.person.roles.find((held) => held.role === "courier")?.marketId ?? undefined;
}
