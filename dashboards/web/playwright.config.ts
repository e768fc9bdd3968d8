import { existsSync } from "node:fs";
import { defineConfig } from "@playwright/test";

// KLAR_URL is a running Klar with data; e2e/run starts one. Chromium is the system's own: nothing is downloaded. The
// switches keep it from calling its maker.
const url = process.env["KLAR_URL"];
if (!url) throw new Error("KLAR_URL is not set: run e2e/run");
const chromium = process.env["CHROMIUM"] ?? ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((p) => existsSync(p));
if (!chromium) throw new Error("no Chromium found: install the package chromium, or name the program in CHROMIUM");

export default defineConfig({
  testDir: "e2e",
  timeout: 60_000,
  // What a beacon tells is delivered after some seconds.
  expect: { timeout: 15_000, toHaveScreenshot: { maxDiffPixelRatio: 0.001 } },
  snapshotPathTemplate: "e2e/golden/{arg}{ext}",
  workers: 1,
  forbidOnly: !!process.env["CI"],
  // On a machine that others keep busy. What passes the second time only is named in the output as flaky.
  retries: process.env["CI"] ? 1 : 0,
  reporter: [["list"]],
  use: {
    baseURL: url,
    launchOptions: {
      executablePath: chromium,
      args: [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
      ],
    },
    actionTimeout: 5_000,
    viewport: { width: 1280, height: 900 },
    colorScheme: "light",
  },
});
