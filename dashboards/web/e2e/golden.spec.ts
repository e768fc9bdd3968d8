// Pictures of the statistics of the imported log, looked at before they were kept. They were made with the fonts of one
// machine; where text is another width they are not compared. New ones: e2e/run golden.spec.ts --update-snapshots
import { expect, open, settled, test } from "./page";

const four = "/?period=custom&from=2015-05-17&to=2015-05-20";
const two = "/?period=custom&from=2015-05-19&to=2015-05-20";
/** Width of the text below in the font that the pictures were made with, in pixels. */
const inter = 203;

test.use({ contextOptions: { reducedMotion: "reduce" } });

test.beforeEach(async ({ page }) => {
  await open(page, four);
  const width = await page.evaluate(() => {
    const context = document.createElement("canvas").getContext("2d");
    if (!context) return 0;
    context.font = `20px ${getComputedStyle(document.documentElement).fontFamily}`;
    return Math.round(context.measureText("Klar 0123456789 äöü").width);
  });
  test.skip(width !== inter, `text is ${width} pixels wide, not ${inter}: other fonts than those of the pictures`);
});

test("figures, graph and panels", async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 1500 });
  await open(page, two);
  await expect(page.locator(".map .counted").first()).toBeVisible();
  // The header is not in these pictures; it would stick over them.
  await page.locator(".header").evaluate((e) => (e.style.position = "static"));
  await expect(page.getByRole("region", { name: "Visitors" })).toHaveScreenshot("figures.png");
  await expect(page.locator(".grid")).toHaveScreenshot("panels.png");
});

test("details, in the dark", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await open(page, `${four}&details=pages`);
  await expect(page.getByRole("dialog").getByRole("row").nth(50)).toBeAttached();
  await page.getByRole("searchbox").blur();
  await expect(page.getByRole("dialog")).toHaveScreenshot("details-dark.png");
});

test("ways from page to page, and a funnel", async ({ page }) => {
  await open(page, `${four}&tab=behaviour:flow`);
  await expect(page.locator(".ribbons path").first()).toBeAttached();
  await expect(page.locator("[data-panel=behaviour]")).toHaveScreenshot("flow.png");
  await page.getByRole("button", { name: "Funnels", exact: true }).click();
  await settled(page);
  await expect(page.locator("[data-panel=behaviour]")).toHaveScreenshot("funnel.png");
});

test.describe("on a phone, in German", () => {
  test.use({ locale: "de-DE", viewport: { width: 390, height: 844 } });
  test("figures and graph", async ({ page }) => {
    await open(page, two);
    await expect(page.getByRole("region", { name: "Besucher" })).toHaveScreenshot("phone-german.png");
  });
});
