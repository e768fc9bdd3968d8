// The page in German: texts, numbers and dates, by the browser's language and by choice.
import { expect, open, panel, rows, test, visitors } from "./page";

test.use({ locale: "de-DE" });

test("speaks German to whom the browser says so, and English to whom chooses it", async ({ page }) => {
  await open(page);
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await expect(page.getByRole("button", { name: /^Besucher \d/ })).toBeVisible();
  await expect(page.getByRole("status")).toContainText(/Gezeigt werden alle Daten, vom \d+\. Mai 2015 bis zum \d+\. Mai 2015/);
  await expect(page.getByRole("button", { name: /^Absprungrate/ }).locator(".value")).toHaveText(/^\d+\u00a0%$/);
  await expect(rows(page, "locations").getByText("Vereinigte Staaten")).toBeVisible();
  await panel(page, "sources").getByRole("button", { name: "Kanäle" }).click();
  await expect(rows(page, "sources").getByText("Direkt", { exact: true })).toBeVisible();
  await rows(page, "sources").getByRole("button", { name: "Suche", exact: true }).click();
  await expect(page.getByRole("list", { name: "Filter" })).toContainText("Kanal ist Suche");
  await expect(page).toHaveURL(/f=is,visit:channel,Organic\+Search/);
  await expect(page.locator("main")).not.toContainText(/\b(Visitors|Pageviews|Sources|None|Requests)\b/);

  await page.getByLabel("Sprache").selectOption("en");
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await expect(page.getByRole("list", { name: "Filters" })).toContainText("Channel is Organic Search");
  expect(await visitors(page)).toMatch(/^\d/);
});

test("says in German what went wrong, too", async ({ page, mayFail }) => {
  mayFail.allowed = true;
  await page.goto("/?f=matches,event:page,((");
  await expect(page.getByText("„((“ ist kein regulärer Ausdruck.").first()).toBeVisible();
  for (const [status, words] of [[500, "Klar konnte seine Daten nicht lesen oder schreiben"], [429, "Das war sehr viel auf einmal"], [403, "Dazu fehlt Ihnen das Recht."]] as const) {
    await page.route("**/api/v2/query", (route) => route.fulfill({ status, json: { error: "this is said in English" } }));
    await page.goto("/");
    await expect(page.getByRole("alert").filter({ hasText: words }).first()).toBeVisible();
    await expect(page.locator("main")).not.toContainText("English");
  }
});
