import { useSyncExternalStore } from "react";

import { useDeploymentConfig } from "../../common/deployment.ts";
import { useServices } from "../app/services.ts";
import { mayDemoRide } from "./demo-switch.ts";

/** Whether a demo ride may be had here, and whether it is under way. */
export function useDemoRide(): { readonly offered: boolean; readonly on: boolean } {
  const { demoSwitch } = useServices();
  const offered = mayDemoRide(useDeploymentConfig());
  const on = useSyncExternalStore(demoSwitch.subscribe, demoSwitch.isOn);
  return { offered, on: offered && on };
}
