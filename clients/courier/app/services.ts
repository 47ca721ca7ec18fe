import { createContext, use } from "react";

import type { HubClient } from "#shared/client/hub-client.ts";

import type { SessionStore } from "../../common/session-store.ts";
import type { DemoStreets } from "../gps/demo-streets.ts";
import type { DemoSwitch } from "../gps/demo-switch.ts";

export interface Services {
  readonly session: SessionStore;
  readonly storage: Storage;
  readonly connect: (token: () => Promise<string>) => HubClient;
  readonly newKey: () => string;
  /** Deployment time, epoch ms. */
  readonly nowMs: () => number;
  /** Deployment time at a moment of this phone's clock. */
  readonly timeAt: (wallMs: number) => number;
  readonly geolocation: Geolocation | undefined;
  readonly demoSwitch: DemoSwitch;
  readonly demoStreets: DemoStreets;
  readonly wakeLock: WakeLock | undefined;
}

export const ServicesContext = createContext<Services | undefined>(undefined);

export function useServices(): Services {
  const services = use(ServicesContext);
  if (!services) throw new Error("useServices stands outside ServicesContext");
  return services;
}
