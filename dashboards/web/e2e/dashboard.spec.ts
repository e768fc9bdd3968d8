import { expect, figure, open, panel, panelNames, rows, settled, test, visitors } from "./page";

test("shows six figures of the data there is", async ({ page }) => {
  await open(page);
  for (const name of ["Visitors", "Visits", "Pageviews", "Views per visit", "Bounce rate", "Visit duration"]) {
    await expect(figure(page, name)).toHaveText(/\d/);
  }
  expect(await visitors(page)).not.toBe("0");
});

test("says that it shows all data when the default period has none", async ({ page }) => {
  await open(page);
  await expect(page.getByRole("status")).toContainText("Showing all data");
  await expect(page.getByRole("button", { name: "All time" })).toBeVisible();
});

test("draws the graph, and another figure on a click", async ({ page }) => {
  await open(page);
  const chart = page.getByRole("img", { name: /^Visitors per .*highest/ });
  await expect(chart).toBeVisible();
  const drawn = await chart.locator("canvas").evaluate((c: HTMLCanvasElement) => {
    const pixels = c.getContext("2d")?.getImageData(0, 0, c.width, c.height).data ?? [];
    const colours = new Set<string>();
    for (let i = 0; i < pixels.length; i += 4) if (pixels[i + 3]) colours.add(`${pixels[i]},${pixels[i + 1]},${pixels[i + 2]}`);
    return colours.size;
  });
  expect(drawn, "colours on the canvas").toBeGreaterThan(5);
  await page.getByRole("button", { name: /^Pageviews/ }).click();
  await expect(page).toHaveURL(/metric=pageviews/);
  await expect(page.getByRole("img", { name: /^Pageviews per .*highest/ })).toBeVisible();
});

test("tells the value under the pointer", async ({ page }) => {
  await open(page);
  const box = await page.locator(".u-over").boundingBox();
  await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + 60);
  await expect(page.locator(".tip")).toContainText(/Visitors\s*\d/);
});

test("lists rows in every panel and every tab", async ({ page }) => {
  await open(page);
  for (const name of panelNames) expect(await rows(page, name).count(), name).toBeGreaterThan(0);
  for (const tab of ["Channels", "Entry pages", "Systems", "Device class"]) {
    await page.getByRole("button", { name: tab, exact: true }).click();
    await settled(page);
    await expect(page.locator(".panel", { has: page.getByRole("button", { name: tab, exact: true }) }).locator(".row").first()).toBeVisible();
  }
  await expect(panel(page, "requests").locator(".value").first()).toHaveText(/\d/);
  expect(await rows(page, "requests").count()).toBeGreaterThan(0);
});

test("changes the period, the address and the figures", async ({ page }) => {
  await open(page);
  const all = await visitors(page);
  await page.getByRole("button", { name: "Period: All time" }).click();
  await page.getByRole("button", { name: "This year" }).click();
  await expect(page).toHaveURL(/period=year/);
  expect(await visitors(page)).not.toBe(all);
  await page.getByRole("button", { name: "Show all data" }).click();
  await expect(page).toHaveURL(/period=all/);
  expect(await visitors(page)).toBe(all);
  await page.goBack();
  await expect(page).toHaveURL(/period=year/);
  expect(await visitors(page)).not.toBe(all);
  await page.keyboard.press("a");
  await expect(page).toHaveURL(/period=all/);
});

test("takes two dates for a range of its own", async ({ page }) => {
  await open(page, "/?period=all");
  const all = await visitors(page);
  await page.getByRole("button", { name: /^Period/ }).click();
  const from = page.getByLabel("From");
  await page.getByLabel("To", { exact: true }).fill(await from.inputValue());
  await page.getByRole("button", { name: "Apply", exact: true }).click();
  await expect(page).toHaveURL(/period=custom&from=(\d{4}-\d\d-\d\d)&to=\1/);
  expect(await visitors(page)).not.toBe(all);
});

test("filters by a click, and takes the filter away again", async ({ page }) => {
  await open(page);
  const all = await visitors(page);
  const row = rows(page, "pages").nth(1).getByRole("button");
  const name = (await row.innerText()).trim();
  await row.click();
  await expect(page).toHaveURL(/f=is,event:page,/);
  await expect(page.getByRole("list", { name: "Filters" })).toContainText(`Page is ${name}`);
  expect(await visitors(page)).not.toBe(all);
  await expect(rows(page, "sources").first()).toBeVisible();

  await page.reload();
  expect(await visitors(page), "after a reload").not.toBe(all);
  await page.getByRole("button", { name: `Remove the filter Page is ${name}` }).click();
  await expect(page).not.toHaveURL(/f=/);
  expect(await visitors(page)).toBe(all);

  await page.goBack();
  await expect(page.getByRole("list", { name: "Filters" })).toContainText(name);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("list", { name: "Filters" })).toHaveCount(0);
  expect(await visitors(page)).toBe(all);
});

test("goes on to the versions of a browser that is filtered by", async ({ page }) => {
  await open(page);
  await rows(page, "devices").first().getByRole("button").click();
  await expect(panel(page, "devices").getByRole("button", { name: /^\w+ versions$/ }).first()).toHaveAttribute("aria-pressed", "true");
  await settled(page);
  await expect(panel(page, "devices").getByRole("alert")).toHaveCount(0);
});

test("explains why providers cannot be filtered, and why few are named", async ({ page }) => {
  await open(page);
  await page.getByRole("button", { name: "Providers" }).click();
  await expect(rows(page, "locations").filter({ hasText: "unknown or rare" }).getByRole("button", { name: /enough visitors within 30 days/ })).toBeVisible();
  await rows(page, "pages").first().getByRole("button").click();
  await expect(panel(page, "locations")).toContainText("counted on its own");
});

test("shows all pages in a dialog: sorted, searched, a page at a time", async ({ page }) => {
  await open(page);
  await panel(page, "pages").getByRole("button", { name: /^All/ }).click();
  await expect(page).toHaveURL(/details=pages/);
  const dialog = page.getByRole("dialog");
  const names = dialog.locator("tbody th");
  const column = async (n: number) => (await dialog.locator(`tbody td:nth-of-type(${n})`).allInnerTexts()).map((t) => Number(t.replace(/\D/g, "")));
  await expect(names).toHaveCount(100);
  await dialog.getByRole("button", { name: "Next rows" }).click();
  await expect(dialog.getByText(/101–200 of \d+/)).toBeVisible();
  await dialog.getByRole("button", { name: "Pageviews" }).click();
  await expect(dialog.getByRole("columnheader", { name: "Pageviews" })).toHaveAttribute("aria-sort", "descending");
  await settled(page);
  const views = await column(2);
  expect(views).toEqual([...views].sort((a, b) => b - a));
  await dialog.getByRole("button", { name: "Pageviews" }).click();
  await settled(page);
  expect((await column(2))[0]).toBe(1);
  await dialog.getByRole("searchbox").fill("/PROJECTS/xdo");
  await expect(names.first()).toContainText("/projects/xdo");
  await settled(page);
  for (const text of await names.allInnerTexts()) expect(text).toContain("/projects/xdo");
  await page.keyboard.press("Escape"); // empties the search
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(panel(page, "pages").getByRole("button", { name: /^All/ })).toBeFocused();
  await expect(page).not.toHaveURL(/details=/); // a dialog closes before it says so
  await page.goBack();
  await expect(dialog).toBeVisible();
});

test("searches countries by their names, and says what a filter by one leaves out", async ({ page }) => {
  await open(page);
  await panel(page, "locations").getByRole("button", { name: /^All/ }).click();
  const dialog = page.getByRole("dialog");
  const names = dialog.locator("tbody th");
  await expect(names.nth(10)).toBeVisible();
  await dialog.getByLabel(/More figures/).check();
  await expect(names.getByText("small groups")).toBeVisible();
  await dialog.getByLabel(/More figures/).uncheck();
  await dialog.getByRole("searchbox").fill("germ");
  await expect(names).toHaveText(["Germany"]);
  await names.getByRole("button").click();
  await expect(page.getByText("too few share")).toBeVisible();
  await settled(page);
  await expect(rows(page, "locations")).toHaveCount(1);
});

test("says what failed and tries again", async ({ page, mayFail }) => {
  mayFail.allowed = true;
  await page.route("**/api/v2/query", (route) => route.fulfill({ status: 500, json: { error: "the store could not answer" } }));
  await page.goto("/");
  await expect(panel(page, "sources").getByRole("alert")).toContainText("its log says why");
  await page.unroute("**/api/v2/query");
  await panel(page, "sources").getByRole("button", { name: "Try again" }).click();
  await expect(rows(page, "sources").first()).toBeVisible();
});
