import { useEffect, useState } from "react";

import { connectHub, type HubClient } from "#shared/client/hub-client.ts";
import type { HubStatus } from "#shared/client/transport.ts";

import { useSession } from "../../common/use-session.ts";
import { useServices, type Screen } from "../app/services.ts";

export interface Connected {
  /** Undefined while nobody is signed in. */
  readonly hub: HubClient | undefined;
  readonly status: HubStatus;
}

/** The screen's own connection to the hub, as long as somebody is signed in and the screen is shown. */
export function useHub(screen: Screen): Connected {
  const { baseUrl, sessions } = useServices();
  const session = sessions[screen];
  const personId = useSession(session)?.person.id;
  const [hub, setHub] = useState<HubClient>();
  const [status, setStatus] = useState<HubStatus>("connecting");

  useEffect(() => {
    if (personId === undefined) return undefined;
    const client = connectHub({ url: baseUrl, namespace: screen, token: () => session.token() });
    const stop = client.onStatus(setStatus);
    setHub(client);
    return () => {
      stop();
      client.close();
      setHub(undefined);
      setStatus("connecting");
    };
  }, [baseUrl, screen, session, personId]);

  return { hub, status };
}
