// The page about bots, of a site that e2e/crawled.mjs made the log of.
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./page";
import { robots } from "../src/pages/bots/robots";

const klar = process.env["KLAR_BEACONS_URL"] ?? "";
test.skip(!klar, "KLAR_BEACONS_URL is not set");
test.use({ baseURL: klar });

const ready = async (page: Page) => {
  await expect(page.getByRole("img", { name: /Requests by bots per/ })).toBeVisible();
  await expect(page.locator(".skeleton, .blank, .stale")).toHaveCount(0);
};

test("shows who crawls what, chooses by click, and advises", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  page.on("dialog", () => expect(false, "markup of a log ran").toBe(true));
  await page.goto("/bots?site=crawled.example&period=all");
  await ready(page);

  const names = page.getByRole("region", { name: "Who they are" });
  await expect(names.getByRole("listitem")).toHaveCount(7);
  await expect(names).toContainText("GPTBot");
  const read = page.getByRole("region", { name: "What they read" });
  await expect(read).toContainText("/<b>tariffs</b>");
  await expect(page.locator("main img, main script, main b:text('tariffs')")).toHaveCount(0);

  const report = page.getByRole("region", { name: "Reading for artificial intelligence" });
  await expect(report.getByRole("row")).toHaveCount(5); // with the head
  await report.getByRole("button", { name: "ClaudeBot" }).press("Enter");
  await expect(report.getByRole("list", { name: "Pages that ClaudeBot read" }).getByRole("listitem").first()).toBeVisible();

  await page.getByRole("region", { name: "What they are for" }).getByRole("button", { name: "AI crawler" }).click();
  await expect(page).toHaveURL(/f=is,event:bot_class,AI(\+|%20)crawler/);
  await expect(names.getByRole("listitem")).toHaveCount(2);
  await page.goBack();
  await expect(names.getByRole("listitem")).toHaveCount(7);

  await page.getByLabel("SEO tools").check();
  await page.getByRole("button", { name: "Copy robots.txt" }).click();
  await expect(page.getByText("Copied")).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(/User-agent: GPTBot\n(User-agent: .*\n)*Disallow: \/\n/);
  expect(copied).toContain("User-agent: AhrefsBot\n");
  expect(copied).not.toContain("ChatGPT-User");

  await ready(page);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  }
});

test("no name of a bot becomes a line of its own in robots.txt", () => {
  const seen = { crawler: ["Good-Bot", "bad\nAllow: /", "Other bot"], search: [], assistant: [], seo: [] };
  const lines = robots(["crawler"], seen, () => "# those");
  expect(lines).toContain("User-agent: Good-Bot\n");
  expect(lines).not.toMatch(/Allow|bad|Other bot/);
  expect(robots([], seen, String)).toBe("");
});
