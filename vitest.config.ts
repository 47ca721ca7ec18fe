import { defineConfig } from "vitest/config";

const FOLDERS = "{clients,deploy,docs,drizzle,hub,load,shared,workers}";
const SLOW = ["**/*.store.test.ts", "**/*.e2e.test.ts"];

/** Three tiers: fast needs nothing, store needs Postgres and Redis, journey needs every process and a browser. One after the other: they share two cores. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "fast",
          include: [`${FOLDERS}/**/*.test.{ts,tsx}`],
          exclude: ["**/node_modules/**", ...SLOW],
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: "store",
          include: [`${FOLDERS}/**/*.store.test.ts`],
          exclude: ["**/node_modules/**"],
          globalSetup: ["shared/testing/services.setup.ts"],
          sequence: { groupOrder: 1 },
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "journey",
          include: [`${FOLDERS}/**/*.e2e.test.ts`],
          exclude: ["**/node_modules/**"],
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});
