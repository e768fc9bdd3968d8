// A marketing person finds where last week's newsletter sign-ups came from in three clicks.
import { expect, open, panel, rows, settled, test } from "./page";

const klar = process.env["KLAR_BEACONS_URL"] ?? "";
test.skip(!klar, "KLAR_BEACONS_URL is not set");
test.use({ baseURL: klar || undefined, contextOptions: { reducedMotion: "reduce" } });

test("where last week's newsletter sign-ups came from, in three clicks", async ({ page }) => {
  await open(page, "/?site=crawled.example");
  let clicks = 0;
  const click = async (name: string | RegExp): Promise<void> => {
    clicks++;
    await page.getByRole("button", { name, exact: true }).click();
  };
  await click(/^Period: /);
  await click("Last 7 days");
  await settled(page);
  await click("Newsletter");
  await settled(page);
  expect(clicks).toBe(3);
  await expect(page.getByRole("list", { name: "Filters" })).toContainText("Goal is Newsletter");
  await expect(page.getByRole("button", { name: /^Converted visitors/ })).toContainText("15");
  await expect(page.getByRole("heading", { name: /^Converted visitors per day/ })).toBeVisible();
  await expect(rows(page, "sources").first()).toHaveText(/Google50%10/);
  await expect(rows(page, "sources").nth(1)).toHaveText(/LinkedIn50%5/);
  await expect(panel(page, "sources")).toContainText("Rate, converted");
  // The answer is in view, although the goal stood at the bottom of the page.
  await expect(rows(page, "sources").nth(1)).toBeInViewport();
  await expect(page.getByRole("list", { name: "Filters" })).toBeInViewport();
});
