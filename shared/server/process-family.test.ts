import { spawn } from "node:child_process";
import { once } from "node:events";

import { expect, test } from "vitest";

import { commandOf, memoryMbOf, processFamily } from "./process-family.ts";

test.skipIf(process.platform !== "linux")(
  "a process is seen with what its children have started, until they end",
  async () => {
    const inner = 'setInterval(() => {}, 1000); console.log("up")';
    const outer = `require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(inner)}], { stdio: "inherit" })`;
    const child = spawn(process.execPath, ["-e", outer], { stdio: ["ignore", "pipe", "inherit"] });
    await once(child.stdout, "data");
    const pid = child.pid ?? 0;
    const family = processFamily(pid);
    expect(family.map((each) => each.parentPid)).toEqual([process.pid, pid]);
    expect(processFamily(process.pid).map((each) => each.pid)).toEqual(
      expect.arrayContaining(family.map((each) => each.pid)),
    );
    const grandchild = family[1]?.pid ?? 0;
    expect(memoryMbOf(grandchild)).toBeGreaterThan(1);
    expect(commandOf(grandchild)).toEqual([process.execPath, "-e", inner]);
    process.kill(grandchild);
    await once(child, "exit");
    expect([processFamily(pid), memoryMbOf(grandchild), commandOf(grandchild)]).toEqual([[], 0, []]);
  },
);
