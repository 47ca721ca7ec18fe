import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Whether Debian's packages can be installed here by whoever runs us. */
export function canInstall(): boolean {
  return process.getuid?.() === 0 && existsSync("/usr/bin/apt-get");
}

/** Installs Debian's packages; a failure is told and left at that. */
export function install(name: string, packages: readonly string[], tell: (sentence: string) => void): void {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  try {
    execFileSync("apt-get", ["-qq", "update"], { env, stdio: "ignore" });
    execFileSync("apt-get", ["-qq", "install", "-y", "--no-install-recommends", ...packages], { env, stdio: "ignore" });
  } catch (error) {
    tell(`${name} could not be installed: ${error instanceof Error ? error.message : String(error)}`);
  }
}
