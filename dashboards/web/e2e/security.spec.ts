// The security page, of a site that e2e/crawled.mjs made the log of: some of what is in it would be markup.
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./page";

const klar = process.env["KLAR_BEACONS_URL"] ?? "";
test.skip(!klar, "KLAR_BEACONS_URL is not set");
test.use({ baseURL: klar });

test("shows attacks by kind and target, errors and missing pages", async ({ page }) => {
  page.on("dialog", () => expect(false, "markup of a log ran").toBe(true));
  await page.goto("/security?site=crawled.example&period=all");
  await expect(page.getByRole("img", { name: /Attacks per/ })).toBeVisible();
  await expect(page.getByRole("img", { name: /Errors per/ })).toBeVisible();
  await expect(page.locator(".skeleton, .blank, .stale")).toHaveCount(0);
  const region = (name: string) => page.getByRole("region", { name, exact: true });
  await expect(region("In short")).toContainText(/Requests that look like attacks[1-9]\d*/);
  for (const kind of ["SQL injection", "Cross-site scripting", "Log4Shell", "Command injection", "Path traversal", "Sensitive files"]) {
    await expect(region("Kinds of attack")).toContainText(kind);
  }
  await expect(region("What was attacked")).toContainText("/.env");
  await expect(region("Methods of attacks")).toContainText("POST");
  await expect(region("Missing pages").getByRole("listitem").first()).toBeVisible();
  // Nothing of what was sent is shown.
  await expect(page.locator("main")).not.toContainText(/UNION|passwd|jndi:|alert\(/);
  await expect(page.locator("main img, main script")).toHaveCount(0);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  }
});
