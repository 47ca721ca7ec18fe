import Alert from "@mui/material/Alert";
import { useSyncExternalStore } from "react";

/** Says so while the browser has no network at all. */
export function OfflineBar() {
  const online = useSyncExternalStore(subscribe, () => navigator.onLine);
  if (online) return null;
  return (
    <Alert severity="warning" variant="filled" square role="status">
      No network. What you see may be old; it is brought up to date as soon as the network is back.
    </Alert>
  );
}

function subscribe(listener: () => void): () => void {
  addEventListener("online", listener);
  addEventListener("offline", listener);
  return () => {
    removeEventListener("online", listener);
    removeEventListener("offline", listener);
  };
}
