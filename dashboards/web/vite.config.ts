import { defineConfig } from "vite";
import { regionNames } from "./regions.plugin.ts";
import { world } from "./world.plugin.ts";

// The build goes into the binary: assets carry a hash in their name and are served as immutable. Nothing is inlined
// as a data: address and no script or style stands in the page itself, so the content security policy needs no
// exception.
export default defineConfig({
  base: "./",
  plugins: [regionNames(), world()],
  build: {
    outDir: "dist",
    assetsDir: "assets",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: ["chrome123", "firefox120", "safari17.5"],
    sourcemap: false,
  },
  server: {
    proxy: { "/api": process.env["KLAR_URL"] ?? "http://127.0.0.1:8080" },
  },
});
