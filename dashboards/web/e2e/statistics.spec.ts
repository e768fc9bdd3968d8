// The statistics of the imported log: comparison, filters, tabs, details, goals, funnels, flow, the map, files and notes.
import { readFileSync } from "node:fs";
import { expect, figure, open, panel, rows, settled, test, visitors } from "./page";

const two = "/?period=custom&from=2015-05-19&to=2015-05-20";
const all = "/?period=all";
const tab = (name: string) => ({ name, exact: true }) as const;

test("regions are called by their names, with a filter by one, too", async ({ page }) => {
  const results = [{ dimensions: ["DE-BY"], metrics: [7] }, { dimensions: ["FR-IDF"], metrics: [5] }, { dimensions: ["DE-??"], metrics: [1] }];
  await page.route("**/api/v2/query", (route) =>
    route.request().postData()?.includes(`"dimensions":["visit:region"]`) ? route.fulfill({ json: { results, meta: {}, query: { metrics: ["visitors"] } } }) : route.fallback());
  await open(page, "/?tab=locations:regions&f=is,visit:region,US-CA");
  await expect(rows(page, "locations")).toHaveText([/Bayern, Germany/, /Île-de-France, France/, /\?\?, Germany/]);
  await expect(page.getByRole("list", { name: "Filters" })).toContainText("Region is California, United States");
});

test("compares with the period before, with the year before and with nothing", async ({ page }) => {
  await open(page, two);
  const change = page.getByRole("button", { name: /^Visitors/ }).locator(".change");
  await expect(change).toHaveText(/^[+−]\d+%$/);
  await expect(change).toHaveAttribute("title", /against 17–18 May 2015$/);
  await expect(page.locator(".legend")).toHaveText("17–18 May 2015");
  await page.keyboard.press("x");
  await expect(page).toHaveURL(/compare=none/);
  await settled(page);
  await expect(page.locator(".figures .change, .legend")).toHaveCount(0);
  await page.keyboard.press("x");
  await expect(page).not.toHaveURL(/compare/);
  await expect(change).toHaveText(/%$/);
  await page.getByLabel("Compare with").selectOption("Previous year");
  await expect(page).toHaveURL(/compare=year/);
  await settled(page);
  await expect(change).toHaveText(/^\s*$/);
  await page.goBack();
  await expect(change).toHaveText(/%$/);
  await page.getByLabel("Compare with").selectOption("Previous period, same weekdays");
  await expect(page).toHaveURL(/compare=previous-weekdays/);
  await settled(page);
  await expect(page.locator(".figures .change").first()).toHaveAttribute("title", "No figure to compare with"); // a week before there is none
});

test("chooses periods by keys", async ({ page }) => {
  await open(page, all);
  for (const [key, period] of [["d", "day"], ["e", "yesterday"], ["w", "7d"], ["f", "28d"], ["t", "30d"], ["k", "lastweek"], ["m", "month"], ["y", "year"], ["r", "realtime"], ["a", "all"]] as const) {
    await page.keyboard.press(key);
    await expect(page).toHaveURL(new RegExp(`period=${period}(&|$)`));
  }
  await page.keyboard.press("c");
  await expect(page.getByLabel("From")).toBeVisible();
});

test("makes filters by the menu, with several values, a text, a segment, and says what does not go together", async ({ page }) => {
  await open(page, all);
  const whole = await visitors(page);
  const dialog = page.getByRole("dialog");
  const dimension = dialog.getByLabel("Filter by");
  const chips = page.getByRole("list", { name: "Filters" });
  await page.getByRole("button", tab("Filter")).click();
  await dimension.selectOption("Page");
  await dialog.getByLabel("Condition").selectOption("contains");
  await dialog.getByRole("textbox").fill("/blog/");
  await dialog.getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL(/f=contains,event:page,\/blog\//);
  await expect(chips).toContainText("Page contains /blog/");
  expect(await visitors(page)).not.toBe(whole);
  await expect(page.locator(".figures .hint button").first()).toHaveAttribute("aria-label", /counts once a day for each/);

  await chips.getByRole("button", { name: /^Page contains/ }).click();
  await dialog.getByLabel("Condition").selectOption("is");
  for (const word of ["xdotool/", "ssh-sec"]) {
    await dialog.getByRole("textbox").fill(word);
    await dialog.getByRole("checkbox").first().check();
  }
  await dialog.getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL(/f=is,event:page,\/projects\/xdotool\/\|\/articles\/ssh-security\//);
  await settled(page);
  await expect(rows(page, "pages")).toHaveCount(2);
  for (const name of ["Time on page", "Exit rate"]) await expect(figure(page, name)).toHaveText(/\d/);

  await page.getByRole("button", tab("Filter")).click();
  await dimension.selectOption("Referrer");
  await dialog.getByRole("checkbox").first().check();
  await expect(dialog.getByRole("status")).toContainText("counted on its own");
  await expect(dialog.getByRole("button", { name: "Apply" })).toBeDisabled();
  await dimension.selectOption("Goal");
  await dialog.getByLabel("Condition").selectOption("reached");
  await expect(dialog.getByRole("checkbox")).toHaveCount(2);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await expect(chips).toHaveCount(0);

  await page.getByRole("button", tab("Filter")).click();
  await dialog.getByRole("checkbox", { name: "Readers of the blog" }).check();
  await dialog.getByRole("button", { name: "Apply" }).click();
  await expect(chips).toContainText("Segment is Readers of the blog");
  await settled(page);
  for (const name of await rows(page, "pages").locator(".text").allInnerTexts()) expect(name).toContain("/blog/");
});

test("shows a list in every tab, keeps the tabs in the address, and saves a list as CSV", async ({ page }) => {
  await open(page, all);
  const tabs: Record<string, string[]> = {
    sources: ["Channels", "Referrers"], pages: ["Entry pages", "Exit pages", "Groups"],
    locations: ["Countries", "Regions", "Providers"], devices: ["Systems", "Device class", "Screens", "Languages"],
  };
  for (const [name, list] of Object.entries(tabs)) {
    for (const one of list) await panel(page, name).getByRole("button", tab(one)).click();
    await settled(page);
    await expect(panel(page, name).getByRole("alert")).toHaveCount(0);
  }
  await panel(page, "sources").getByLabel("Choice of Campaigns").selectOption("Campaign source");
  await expect(page).toHaveURL(/tab=sources:utm_source/);
  await expect(rows(page, "sources").first()).toContainText("feedburner");
  await panel(page, "pages").getByRole("button", tab("Groups")).click();
  await page.reload();
  await settled(page);
  await expect(rows(page, "pages").locator(".text")).toHaveText(["Blog", "Projects"]);
  const [file] = await Promise.all([page.waitForEvent("download"), panel(page, "pages").getByRole("button", { name: /CSV/ }).click()]);
  expect(file.suggestedFilename()).toMatch(/^example\.org-Groups-2015-05-17-2015-05-20\.csv$/);
  expect(readFileSync(await file.path(), "utf8")).toMatch(/^"event:group","visitors"\r?\n"Blog",\d+\r?\n"Projects",\d+/);
});

test("filters by a country of the map", async ({ page }) => {
  await open(page, all);
  const germany = page.locator(".map [data-country=DE]");
  await germany.hover();
  await expect(page.locator(".map-said")).toHaveText(/^Germany \d+$/);
  await germany.click();
  await expect(page).toHaveURL(/f=is,visit:country,DE/);
  await settled(page);
  await expect(page.locator(".map .counted")).toHaveCount(1);
});

test("shows goals with their rate by source, a funnel with what is lost, and ways from page to page", async ({ page }) => {
  await open(page, all);
  const behaviour = panel(page, "behaviour");
  await behaviour.getByRole("button", { name: "Xdotool" }).click();
  await expect(page).toHaveURL(/f=is,event:goal,Xdotool/);
  for (const name of ["Converted visitors", "Conversions", "Conversion rate"]) await expect(figure(page, name)).toHaveText(/\d/);
  await settled(page);
  await expect(rows(page, "sources").first().locator(".share")).toHaveText(/%$/);
  await behaviour.getByRole("button", tab("Funnels")).click();
  await expect(behaviour).toContainText("Funnel and Goal are not kept together");
  await page.keyboard.press("Escape");
  await expect(behaviour.locator(".step-count").first()).toHaveText(/^\d+ 100%$/);
  await expect(behaviour.locator(".lost")).toHaveText(/^\d+ left here \(\d+(\.\d)?%\)$/);
  await behaviour.getByLabel("Funnel", { exact: true }).selectOption("Reading");
  await expect(behaviour).toContainText("Goal Article");
  await expect(page).toHaveURL(/tab=funnel:Reading/);
  await behaviour.getByRole("button", tab("Flow")).click();
  await expect(behaviour.locator(".flow-column").nth(1).locator("li").first()).toContainText("/projects/xdotool/");
  await behaviour.getByTitle("Show the ways through /projects/xdotool/", { exact: true }).first().click();
  await expect(page).toHaveURL(/tab=flow:\/projects\/xdotool\//);
  await expect(behaviour.locator(".flow-column").nth(2)).toContainText("Visit ends");
  await expect(behaviour.locator(".ribbons path").first()).toBeAttached();
  await page.goBack();
  await expect(behaviour.getByLabel("Page", { exact: true })).toHaveValue("");
});

test("marks annotations on the graph", async ({ page, baseURL }) => {
  const at = `${baseURL}/api/annotations?site_id=example.org`;
  const hostile = "Released <img src=x onerror=alert(1)>";
  const made = await fetch(at, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ day: "2015-05-19", text: hostile }) });
  expect(made.status).toBeLessThan(300);
  const { id } = (await made.json()) as { id: string };
  await open(page, all);
  const mark = page.getByRole("button", { name: `19 May 2015: ${hostile}` });
  await mark.focus();
  await expect(page.locator(".mark .bubble")).toBeVisible();
  await expect(page.locator(".mark .bubble")).toContainText(hostile);
  await fetch(`${at}&id=${id}`, { method: "DELETE" });
});

const payload = `<img src=x onerror=alert(1)>"'><script>alert(2)</script>`;

test("shows whatever was counted as text", async ({ page }) => {
  page.on("dialog", () => expect.soft("no dialog", "a script of the data ran").toBe(""));
  await page.route("**/api/v2/query", async (route) => {
    const response = await route.fetch();
    const answer = (await response.json()) as { results: { dimensions: string[] }[]; query: { dimensions: string[] } };
    for (const [i, row] of answer.results.entries()) {
      row.dimensions = row.dimensions.map((d, n) => (answer.query.dimensions[n]?.startsWith("time") ? d : `${payload}${i}`));
    }
    await route.fulfill({ response, json: answer });
  });
  await open(page, `${all}&tab=behaviour:flow`);
  for (const name of ["sources", "pages", "locations", "devices", "behaviour", "requests"]) await expect(panel(page, name)).toContainText(payload);
  await rows(page, "pages").first().getByRole("button").click();
  await expect(page.getByRole("list", { name: "Filters" })).toContainText(payload);
  await page.keyboard.press("Escape");
  await settled(page);
  await panel(page, "pages").getByRole("button", { name: /^All/ }).click();
  await expect(page.getByRole("dialog")).toContainText(payload);
  await expect(page.locator("main img, main script, dialog img, dialog script")).toHaveCount(0);
  await page.unrouteAll({ behavior: "ignoreErrors" }); // questions may still be on their way
});
