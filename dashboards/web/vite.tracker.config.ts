import { defineConfig } from "vite";

// The tracker, or the part of it that PART names, becomes one small file, which the package collector/beacon embeds.
const part = process.env["PART"] ?? "script";

export default defineConfig({
  publicDir: false,
  build: {
    outDir: "../../collector/beacon/dist",
    emptyOutDir: false, // .gitkeep and the other parts stay
    target: ["es2020"],
    lib: { entry: `tracker/${part === "script" ? "tracker" : part}.ts`, formats: ["iife"], name: "k", fileName: () => `${part}.js` },
  },
});
