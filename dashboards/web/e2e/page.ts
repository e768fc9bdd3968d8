// What the tests say about the page, and two promises that hold in every one of them: nothing is asked of another
// host, and the console stays clean.
import { expect, test as base, type Locator, type Page } from "@playwright/test";

export { expect };

export const test = base.extend<{ mayFail: { allowed: boolean }; promises: void }>({
  /** Set allowed where the test makes requests fail on purpose: the browser reports those on the console. */
  mayFail: async ({}, use) => use({ allowed: false }),
  promises: [
    async ({ page, baseURL, mayFail }, use) => {
      const elsewhere: string[] = [];
      const said: string[] = [];
      page.on("request", (r) => {
        if (new URL(r.url()).origin !== new URL(baseURL ?? "").origin) elsewhere.push(r.url());
      });
      page.on("console", (m) => {
        if (m.type() === "error" || m.type() === "warning") said.push(m.text());
      });
      page.on("pageerror", (e) => said.push(e.message));
      await use();
      expect(elsewhere, "requests to other hosts").toEqual([]);
      if (!mayFail.allowed) expect(said, "errors and warnings on the console").toEqual([]);
    },
    { auto: true },
  ],
});

export const panelNames = ["sources", "pages", "locations", "devices"];
export const panel = (page: Page, name: string): Locator => page.locator(`[data-panel=${name}]`);
export const rows = (page: Page, name: string): Locator => panel(page, name).locator(".row");
export const figure = (page: Page, name: string): Locator => page.getByRole("button", { name: new RegExp(`^${name}`) }).locator(".value");

/** Opens the page and waits until everything that was asked for has come. */
export async function open(page: Page, path = "/"): Promise<void> {
  await page.goto(path);
  await settled(page);
}

export async function settled(page: Page): Promise<void> {
  await expect(page.locator(".figures").first()).toBeVisible();
  await expect(page.locator(".skeleton, .blank, .stale")).toHaveCount(0);
}

export async function visitors(page: Page): Promise<string> {
  await settled(page);
  return (await figure(page, "Visitors").getAttribute("title")) ?? "";
}
