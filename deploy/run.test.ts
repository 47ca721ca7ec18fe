import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

const NODE = process.execPath;
let project: string;

/** A project with one installed package, our shim, and an npm that only writes down that it was asked. */
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "tiffin-run-"));
  mkdirSync(join(project, "deploy"));
  copyFileSync(join(import.meta.dirname, "run.mjs"), join(project, "deploy/run.mjs"));
  write("package.json", { name: "p", type: "module" });
  lock({ "node_modules/tool": { version: "1.0.0", integrity: "sha512-a" } });
  writeFileSync(
    join(project, "npm.js"),
    `import { appendFileSync, copyFileSync, mkdirSync, writeFileSync } from "node:fs";
     appendFileSync("npm-calls", process.argv[2] + "\\n");
     mkdirSync("node_modules/tool", { recursive: true });
     copyFileSync("package-lock.json", "node_modules/.package-lock.json");
     writeFileSync("node_modules/tool/package.json", '{"name":"tool","bin":{"tool":"tool.cjs"}}');
     writeFileSync("node_modules/tool/tool.cjs", 'console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 7;');`,
  );
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

function write(path: string, value: unknown): void {
  writeFileSync(join(project, path), JSON.stringify(value));
}

function lock(packages: Record<string, unknown>): void {
  write("package-lock.json", { lockfileVersion: 3, packages: { "": {}, ...packages } });
}

function run(...args: string[]) {
  return spawn(NODE, ["deploy/run.mjs", ...args], {
    cwd: project,
    env: { ...process.env, npm_execpath: join(project, "npm.js") },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function finished(
  child: ReturnType<typeof run>,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const said = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (said.stderr += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null]; // Cast: the event's arguments.
  return { code, ...said };
}

const installs = (): number =>
  existsSync(join(project, "npm-calls"))
    ? readFileSync(join(project, "npm-calls"), "utf8").trim().split("\n").length
    : 0;

test("[RUN2] [RUN3] a missing package is installed once; arguments and exit code are passed on", async () => {
  const first = await finished(run("tool", "a b", "--flag"));
  expect(first).toMatchObject({ code: 7, stdout: '["a b","--flag"]\n' });
  await finished(run("tool"));
  expect(installs()).toBe(1);
});

test("[RUN2] another lock is installed again; one that npm has installed by itself is not", async () => {
  await finished(run("tool"));
  lock({ "node_modules/tool": { version: "1.0.1", integrity: "sha512-b" } });
  await finished(run("tool"));
  expect(installs()).toBe(2);
  const changed = { "node_modules/tool": { version: "1.0.2", integrity: "sha512-c" } };
  lock(changed);
  write("node_modules/.package-lock.json", { packages: changed });
  await finished(run("tool"));
  expect(installs()).toBe(2);
});

test("[RUN2] a build for another platform is not missed", async () => {
  await finished(run("tool"));
  const here = { "node_modules/tool": { version: "1.0.0", integrity: "sha512-a" } };
  lock({ ...here, "node_modules/tool-on-the-moon": { version: "1.0.0", optional: true } });
  write("node_modules/.package-lock.json", { packages: here });
  await finished(run("tool"));
  expect(installs()).toBe(1);
});

test("[RUN2] two that start at once install once", async () => {
  await Promise.all([finished(run("tool")), finished(run("tool")), finished(run("tool"))]);
  expect(installs()).toBe(1);
});

test("[RUN3] the project's own Node runs the entry, and stands first on PATH", async () => {
  await finished(run("tool"));
  const bin = join(project, "node_modules", `node-${process.platform}-${process.arch}`, "bin");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "node"), `#!/bin/sh\nOWN_NODE=yes exec "${NODE}" "$@"\n`, { mode: 0o755 });
  writeFileSync(join(project, "entry.ts"), "console.log(process.env['OWN_NODE'], process.env['PATH']?.split(':')[0]);");
  expect((await finished(run("entry.ts"))).stdout).toBe(`yes ${bin}\n`);
});

test("[RUN3] a signal reaches the entry, and its own exit code comes back", async () => {
  await finished(run("tool"));
  writeFileSync(
    join(project, "entry.ts"),
    "process.on('SIGTERM', () => process.exit(5)); setInterval(() => {}, 1000); console.log('up');",
  );
  const child = run("entry.ts");
  await once(child.stdout, "data");
  child.kill("SIGTERM");
  expect((await finished(child)).code).toBe(5);
});

test("[RUN3] one command after the other, until one fails", async () => {
  await finished(run("tool"));
  writeFileSync(join(project, "fine.ts"), "console.log('fine');");
  const chain = await finished(run("fine.ts", "--then", "tool", "x", "--then", "fine.ts"));
  expect(chain).toMatchObject({ code: 7, stdout: 'fine\n["x"]\n' });
});

test("[RUN3] what is not there is told in one sentence", async () => {
  await finished(run("tool"));
  expect(await finished(run("nothing"))).toMatchObject({
    code: 1,
    stderr: 'There is no package "nothing" in node_modules.\n',
  });
});

test("[RUN3] the shim needs nothing that is not in Node itself", () => {
  const text = readFileSync(join(import.meta.dirname, "run.mjs"), "utf8");
  const imports = [...text.matchAll(/from "([^"]+)"/gu)].map(([, name = ""]) => name);
  expect(imports.every((name) => name.startsWith("node:"))).toBe(true);
});
