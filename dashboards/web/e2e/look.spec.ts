import AxeBuilder from "@axe-core/playwright";
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

for (const colorScheme of ["light", "dark"] as const) {
  test(`has no accessibility faults that axe can see (${colorScheme})`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await open(page);
    await rows(page, "devices").first().getByRole("button").click();
    await settled(page);
    await page.getByRole("button", { name: /^Period/ }).click();
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.target.join(" ")).slice(0, 4).join(", ")}`);
    expect(found).toEqual([]);
  });
}
