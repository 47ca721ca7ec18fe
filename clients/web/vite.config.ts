import { fileURLToPath } from "node:url";

import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The hub of a development machine; `vite` then serves the screens and hands everything else to it. */
const HUB = process.env["HUB_URL"] ?? "http://127.0.0.1:3000";

// oxlint-disable-next-line import/no-default-export -- vite reads it so
export default defineConfig(({ command }) => {
  // A build is for people, whoever starts it: under a test runner's NODE_ENV the bundler would make a development one.
  if (command === "build") process.env["NODE_ENV"] = "production";
  return {
    root: fileURLToPath(new URL(".", import.meta.url)),
    base: "/",
    plugins: [react()],
    worker: { format: "es" },
    build: {
      outDir: fileURLToPath(new URL("./dist", import.meta.url)),
      emptyOutDir: true,
      // MapLibre is one megabyte by itself; it is loaded only where there is a map.
      chunkSizeWarningLimit: 1200,
    },
    server: { proxy: { "/v1": HUB, "/socket.io": { target: HUB, ws: true } } },
  };
});
