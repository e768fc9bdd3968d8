// The page while something comes in. KLAR_BEACONS_URL is a running Klar with the site tracked.example; e2e/run starts one.
import { expect, test } from "@playwright/test";

const klar = process.env["KLAR_BEACONS_URL"] ?? "";
test.skip(!klar, "KLAR_BEACONS_URL is not set");

test("tells what comes in while it is looked at", async ({ page }) => {
  const view = async (path: string): Promise<void> => {
    const answer = await fetch(`${klar}/api/event`, {
      method: "POST",
      headers: { "Content-Type": "text/plain", "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" },
      body: JSON.stringify({ n: "pageview", u: `http://localhost${path}`, d: "tracked.example" }),
    });
    expect(answer.status).toBe(202);
    expect(answer.headers.get("x-klar-dropped")).toBeNull();
  };
  await view("/live/first");
  await page.goto(`${klar}/?site=tracked.example&period=day`);
  const live = page.getByRole("region", { name: "Live" });
  await expect(live).toContainText(/\d+ requests in the last 5 minutes/);
  await expect(live).toContainText(/[1-9]\d* visitors? now/);
  const requests = live.locator("p > b");
  const before = Number(await requests.textContent());
  for (let i = 0; i < 7; i++) await view("/live/more");
  await expect.poll(async () => Number(await requests.textContent()), { timeout: 15_000 }).toBeGreaterThanOrEqual(before + 7);
});
