import { spawnSync } from "node:child_process";

import { canInstall, install } from "./apt.ts";

/** Debian's own first: a Python that stands before it on PATH does not see Debian's packages. */
const PYTHONS = ["/usr/bin/python3", "python3"];
const PACKAGES = ["python3-socketio", "python3-websocket", "python3-requests"];

/** A Python with python-socketio and a WebSocket for it; undefined when there is none. */
export function findPythonSocketIo(): string | undefined {
  return PYTHONS.find((python) => spawnSync(python, ["-c", "import socketio, websocket, requests"]).status === 0);
}

/** Finds it, or installs Debian's where we are root; the test that needs it says otherwise that it was skipped. */
export function ensurePythonSocketIo(tell: (sentence: string) => void): string | undefined {
  const found = findPythonSocketIo();
  if (found !== undefined || !canInstall()) return found;
  tell("Installing python3-socketio for the test with another client (once)…");
  install("python3-socketio", PACKAGES, tell);
  return findPythonSocketIo();
}
