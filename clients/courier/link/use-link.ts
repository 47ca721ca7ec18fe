import { createContext, use, useEffect, useState } from "react";

import { useSession } from "../../common/use-session.ts";
import { useServices } from "../app/services.ts";
import { useAppStore } from "../app/store.ts";
import { startLink, type Link } from "./link.ts";

/** The link of whoever is signed in as a courier; undefined for anybody else. */
export function useMakeLink(): Link | undefined {
  const services = useServices();
  const session = useSession(services.session);
  const store = useAppStore();
  const personId = session?.person.id;
  const marketId = session?.person.roles.find((held) => held.role === "courier")?.marketId ?? undefined;
  const [link, setLink] = useState<Link>();

  useEffect(() => {
    if (personId === undefined || marketId === undefined) return undefined;
    const { storage, newKey, nowMs } = services;
    const hub = services.connect(() => services.session.token());
    const started = startLink({ store, storage, hub, personId, marketId, newKey, nowMs });
    setLink(started);
    return () => {
      started.close();
      setLink(undefined);
    };
  }, [services, store, personId, marketId]);

  return link;
}

export const LinkContext = createContext<Link | undefined>(undefined);

export function useLink(): Link {
  const link = use(LinkContext);
  if (!link) throw new Error("useLink stands outside LinkContext");
  return link;
}
