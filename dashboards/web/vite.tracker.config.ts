import { defineConfig } from "vite";

// The tracker becomes one small file, which the package collector/beacon embeds.
export default defineConfig({
  publicDir: false,
  build: {
    outDir: "../../collector/beacon/dist",
    emptyOutDir: false, // .gitkeep stays
    target: ["es2020"],
    lib: { entry: "tracker/tracker.ts", formats: ["iife"], name: "k", fileName: () => "script.js" },
  },
});
