import { createContext, use } from "react";

import type { Api, MakeApi } from "../../common/api.ts";
import type { Deployment } from "../../common/deployment.ts";
import { makeSessionApi } from "../../common/session-api.ts";
import { makeSessionStore, type SessionStore, type SessionStoreDeps } from "../../common/session-store.ts";

/** The three screens of the web app; each has its own session, so they can stand open side by side. */
export type Screen = "customer" | "kitchen" | "ops";

export interface Services {
  readonly deployment: Deployment;
  readonly baseUrl: string;
  readonly storage: Storage;
  readonly newKey: () => string;
  readonly fetch: typeof fetch;
  readonly sessions: Readonly<Record<Screen, SessionStore>>;
  readonly apis: Readonly<Record<Screen, Api>>;
}

export interface ServicesDeps extends Omit<SessionStoreDeps, "screen"> {
  readonly makeApi: MakeApi;
  readonly deployment: Deployment;
  readonly newKey: () => string;
  readonly fetch: typeof fetch;
}

export function makeServices(deps: ServicesDeps): Services {
  const session = (screen: Screen) => makeSessionStore({ ...deps, screen });
  const sessions = { customer: session("customer"), kitchen: session("kitchen"), ops: session("ops") };
  const api = (screen: Screen) => makeSessionApi({ ...deps, session: sessions[screen] });
  return {
    deployment: deps.deployment,
    baseUrl: deps.baseUrl,
    storage: deps.storage,
    newKey: deps.newKey,
    fetch: deps.fetch,
    sessions,
    apis: { customer: api("customer"), kitchen: api("kitchen"), ops: api("ops") },
  };
}

export const ServicesContext = createContext<Services | undefined>(undefined);

export function useServices(): Services {
  const services = use(ServicesContext);
  if (!services) throw new Error("useServices stands outside ServicesContext");
  return services;
}
