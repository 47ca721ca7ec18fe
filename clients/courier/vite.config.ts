import { fileURLToPath } from "node:url";

import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { VitePWA } from "vite-plugin-pwa";

/** The hub of a development machine; `vite` then serves the app and hands everything else to it. */
const HUB = process.env["HUB_URL"] ?? "http://127.0.0.1:3000";

// A build is for people, whoever starts it: under a test runner's NODE_ENV the bundler would make a development one.
if (process.argv.includes("build")) process.env["NODE_ENV"] = "production";

/** Which map there is: asked for each time, kept for when nobody answers. */
const MAP = {
  urlPattern: /[/]v1[/]markets[/][^/]+[/]map$/u,
  handler: "NetworkFirst" as const,
  options: { cacheName: "map", networkTimeoutSeconds: 4, expiration: { maxEntries: 8 } },
};

/** Streets that were seen once are there without a connection. A tile's name says what is in it, so it is never asked for again. */
const MAP_TILES = {
  urlPattern: /[/]v1[/]maps[/].+[.]mvt$/u,
  handler: "CacheFirst" as const,
  options: {
    cacheName: "map-tiles",
    cacheableResponse: { statuses: [200, 204] },
    // About 30 MB; a city from afar to near by, and every street of some shifts.
    expiration: { maxEntries: 2_000, maxAgeSeconds: 90 * 24 * 3_600, purgeOnQuotaError: true },
  },
};

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "/courier/",
  plugins: [
    react(),
    // The app opens without a connection; what it shows then is what it last knew, and it says so.
    VitePWA({
      registerType: "autoUpdate",
      manifest: {
        id: "/courier/",
        name: "Tiffin courier",
        short_name: "Courier",
        description: "Offers, stops and the way there.",
        start_url: "/courier/",
        scope: "/courier/",
        display: "standalone",
        orientation: "portrait",
        theme_color: "#14594a",
        background_color: "#101815",
        icons: [{ src: "icon.svg", sizes: "any", type: "image/svg+xml", purpose: "any" }],
      },
      workbox: {
        globPatterns: ["**/*.{js,mjs,css,html,svg}"],
        maximumFileSizeToCacheInBytes: 4 * 1024 * 1024,
        runtimeCaching: [MAP, MAP_TILES],
      },
    }),
  ],
  worker: { format: "es" },
  build: {
    outDir: fileURLToPath(new URL("./dist", import.meta.url)),
    emptyOutDir: true,
    // MapLibre is one megabyte by itself.
    chunkSizeWarningLimit: 1200,
  },
  server: { proxy: { "/v1": HUB, "/socket.io": { target: HUB, ws: true } } },
});
