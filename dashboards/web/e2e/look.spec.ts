import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, open, rows, settled, test } from "./page";

const background = () => getComputedStyle(document.body).backgroundColor;
const overflow = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;

test("fits a phone of 360 pixels", async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await open(page);
  expect(await page.evaluate(overflow), "pixels to the right").toBeLessThanOrEqual(0);
  await page.getByRole("button", { name: /^Period/ }).click();
  await expect(page.getByRole("button", { name: "Last 7 days" })).toBeInViewport();
  expect(await page.evaluate(overflow), "with the menu open").toBeLessThanOrEqual(0);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByLabel("Filter by").selectOption("Page");
  await expect(page.getByRole("checkbox").nth(7)).toBeVisible();
  const wide = await page.getByRole("dialog").locator(".filter-body").evaluate((body) => body.scrollWidth - body.clientWidth);
  expect(wide, "long values in the filter menu").toBeLessThanOrEqual(0);
  await page.keyboard.press("Escape");
  await rows(page, "pages").nth(3).getByRole("button").click();
  await settled(page);
  expect(await page.evaluate(overflow), "with a filter").toBeLessThanOrEqual(0);
});

test("follows the system into the dark, and the switch out of it", async ({ page }) => {
  await open(page);
  const light = await page.evaluate(background);
  await page.emulateMedia({ colorScheme: "dark" });
  const dark = await page.evaluate(background);
  expect(dark).not.toBe(light);
  await page.getByRole("button", { name: "Switch to light colours" }).click();
  expect(await page.evaluate(background)).toBe(light);
  await page.reload();
  await settled(page);
  expect(await page.evaluate(background), "after a reload").toBe(light);
  await page.getByRole("button", { name: "Switch to dark colours" }).click();
  expect(await page.evaluate(background)).toBe(dark);
});

test("shows where the keyboard is", async ({ page }) => {
  await open(page);
  for (let i = 0; i < 8; i++) {
    await page.keyboard.press("Tab");
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle);
    expect(outline, `stop ${i + 1}`).not.toBe("none");
  }
});

async function faults(page: Page, part?: string): Promise<string[]> {
  const axe = new AxeBuilder({ page });
  const { violations } = await (part ? axe.include(part) : axe).analyze();
  return violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.target.join(" ")).slice(0, 4).join(", ")}`);
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`has no accessibility faults that axe can see (${colorScheme})`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await open(page, "/?period=custom&from=2015-05-19&to=2015-05-20&f=is,visit:browser,Firefox&tab=behaviour:funnels");
    await page.getByRole("button", { name: /^Period/ }).click();
    expect(await faults(page)).toEqual([]);
    await page.keyboard.press("Escape");
    for (const part of ["Goals", "Properties", "Flow"]) {
      await page.getByRole("button", { name: part, exact: true }).click();
      await settled(page);
      expect(await faults(page, "[data-panel=behaviour]"), part).toEqual([]);
    }
    await page.getByRole("button", { name: "Filter", exact: true }).click();
    await page.getByRole("checkbox").first().check();
    expect(await faults(page, "dialog"), "filter menu").toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "All Top pages" }).click();
    await settled(page);
    expect(await faults(page, "dialog"), "details").toEqual([]);
  });
}
