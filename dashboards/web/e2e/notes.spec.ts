// What figures lack, and why, said where they stand, in both languages.
import { expect, open, panel, rows, settled, test } from "./page";

const said = {
  en: {
    visits: /^approximate: The filter lets several values through\. A visit counts once/, byHour: /^approximate: A visit counts in the hour in which it began/,
    incomplete: "incomplete", until: /Up to 18 May 2015 only the totals of whole days are kept\./, rare: "unknown or rare", rareWhy: /^unknown or rare: A provider, region or city is named/,
    visitsName: /^Visits/, visitorsName: /^Visitors/, providers: "Providers", english: /^$/,
  },
  de: {
    visits: /^ungefähr: Der Filter lässt mehrere Werte durch\. Ein Besuch zählt/, byHour: /^ungefähr: Ein Besuch zählt in der Stunde, in der er begann/,
    incomplete: "unvollständig", until: /Bis 18\. Mai 2015 sind nur die Gesamtzahlen ganzer Tage aufbewahrt\./, rare: "unbekannt oder selten", rareWhy: /^unbekannt oder selten: Anbieter, Regionen und Städte/,
    visitsName: /^Besuche(?!r)/, visitorsName: /^Besucher/, providers: "Anbieter", english: /Up to|The filter|A visit|approximate|incomplete/,
  },
};

for (const locale of ["en", "de"] as const) {
  const words = said[locale];
  test.describe(locale, () => {
    test.use({ locale });
    test("says what figures lack where they stand", async ({ page }) => {
      const figureHint = (name: RegExp) => page.locator(".figures li").filter({ has: page.getByRole("button", { name }) }).locator(".hint button");
      await open(page, "/?period=all&metric=bounce_rate&interval=hour&f=contains,event:page,/blog/&tab=locations:providers");
      await expect(figureHint(words.visitsName)).toHaveAttribute("aria-label", words.visits);
      await page.keyboard.press("Escape");
      await settled(page);
      await expect(page.locator(".graph-head .hint button")).toHaveAttribute("aria-label", words.byHour);
      const rare = rows(page, "locations").filter({ hasText: words.rare });
      await expect(rare.getByRole("button", { name: words.rareWhy })).toBeVisible();
      await panel(page, "locations").getByRole("button", { name: new RegExp(`\\s${words.providers}$`) }).click();
      await expect(page.getByRole("dialog").getByRole("button", { name: words.rareWhy })).toBeVisible();

      await page.route("**/api/v2/query", async (route) => {
        const response = await route.fetch();
        const answer = (await response.json()) as { meta: object; results: unknown[]; query: { dimensions: string[] } };
        answer.meta = { ...answer.meta, range_warning: { code: "only_totals", warning: "Up to 2015-05-18 only the totals of whole days are kept" } };
        if (/channel|bot/.test(answer.query.dimensions.join())) answer.results = [];
        await route.fulfill({ response, json: answer });
      });
      await open(page, "/?period=all&tab=sources:channels");
      await expect(figureHint(words.visitorsName)).toHaveAttribute("aria-label", words.until);
      for (const place of [page.locator(".graph-head"), panel(page, "pages").locator(".panel-foot"), panel(page, "behaviour").locator(".panel-foot")]) {
        await expect(place).toContainText(words.incomplete);
        await expect(place.locator(".hint button")).toHaveAttribute("aria-label", words.until);
      }
      await expect(panel(page, "sources").locator(".state")).toHaveText(words.until);
      const [bots, , statuses] = await panel(page, "requests").locator(".columns section").all();
      await expect(bots!.locator(".state")).toHaveText(words.until);
      await expect(statuses!.locator("h3")).toContainText(words.incomplete);
      // A share of all days would be too small a one.
      await expect(statuses!.locator(".row")).not.toHaveCount(0);
      await expect(page.locator(".panel .share, .columns .share")).toHaveCount(0);
      if (locale === "de") await expect(page.locator("main")).not.toContainText(words.english);
    });
  });
}
