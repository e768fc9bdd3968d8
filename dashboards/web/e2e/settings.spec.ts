// The settings, in the Klar at KLAR_BEACONS_URL, whose configuration file names the site tracked.example. What a test makes
// it removes again.
import AxeBuilder from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import { expect, test } from "./page";

const klar = process.env["KLAR_BEACONS_URL"] ?? "";
test.skip(!klar, "KLAR_BEACONS_URL is not set");
test.use({ baseURL: klar || undefined });
// What cannot be is refused with a status that the browser reports.
test.beforeEach(({ mayFail }) => {
  mayFail.allowed = true;
});

const hostile = `"><img src=x onerror="document.title='hacked'">`;
const site = { site_id: "tracked.example" };

async function tab(page: Page, name: string): Promise<void> {
  await page.goto(`/settings?site=tracked.example&tab=${name}`);
  await expect(page.locator(".settings-body .section").first()).toBeVisible();
}

const section = (page: Page, name: string): Locator => page.getByRole("region", { name, exact: true });
const entry = (page: Page, name: string): Locator => page.locator(".entry").filter({ hasText: name });

async function isHarmless(page: Page): Promise<void> {
  await expect(page.locator("main img, main b b")).toHaveCount(0);
  expect(await page.title()).toBe("Settings · Klar");
}

async function remove(page: Page, name: string): Promise<void> {
  page.once("dialog", (d) => d.accept());
  await page.getByRole("button", { name: `Remove: ${name}` }).click();
}

test("a goal is checked as it is typed, is needed by a funnel and goes again", async ({ page }) => {
  await tab(page, "goals");
  const goals = section(page, "Goals");
  await goals.getByRole("button", { name: "Add a goal" }).click();
  await expect(goals.getByLabel("Name")).toBeFocused();
  await goals.getByLabel("Name").fill(hostile);
  await goals.getByRole("textbox", { name: "Page" }).fill("thanks");
  await expect(goals.getByRole("alert")).toHaveText(`"thanks" is not a page such as /blog/**`);
  await goals.getByRole("textbox", { name: "Page" }).fill("/e2e/*/thanks");
  await expect(goals.getByRole("alert")).toHaveCount(0);
  await expect(goals.getByText(/^Matched [\d,]+ visitors? in the last 28 days/)).toBeVisible();
  await goals.getByRole("textbox", { name: "Page" }).press("Enter");
  await expect(entry(page, hostile)).toContainText("Page /e2e/*/thanks");
  await isHarmless(page);

  const funnels = section(page, "Funnels");
  await funnels.getByRole("button", { name: "Add a funnel" }).click();
  await funnels.getByLabel("Name").fill("Way");
  await funnels.getByLabel("Kind of step 2").selectOption("Goal");
  await funnels.getByLabel("Step 2", { exact: true }).selectOption(hostile);
  await funnels.getByLabel("Step 1", { exact: true }).fill("nowhere");
  await expect(funnels.getByRole("alert")).toContainText("is not a page");
  await funnels.getByLabel("Step 1", { exact: true }).fill("/e2e");
  await expect(funnels.getByText(/^Visits at each step in the last 28 days.*: [\d,]+ → [\d,]+$/)).toBeVisible();
  await funnels.getByRole("button", { name: "Save" }).click();
  await expect(entry(page, "Way")).toContainText(`/e2e → goal:${hostile}`);
  await remove(page, hostile);
  await expect(goals.getByRole("alert")).toContainText(`"Way"`);
  await isHarmless(page);
  await remove(page, "Way");
  await expect(entry(page, "Way")).toHaveCount(0);
  await remove(page, hostile);
  await expect(entry(page, hostile)).toHaveCount(0);
});

test("two editors do not undo each other's work, and nothing typed is lost silently", async ({ page, request }) => {
  await tab(page, "goals");
  const groups = section(page, "Content groups");
  await groups.getByRole("button", { name: "Add a group" }).click();
  await groups.getByLabel("Name").fill("Mine");
  await groups.getByRole("textbox", { name: "Pages" }).fill("/mine/**\n/more");
  const other = await request.put(`/api/settings/groups?${new URLSearchParams(site)}`, { headers: { "if-match": "*" }, data: { name: "Other", pages: ["/other"] } });
  expect(other.status()).toBe(200);
  await groups.getByRole("button", { name: "Save" }).click();
  await expect(groups.getByRole("alert")).toContainText("somebody has changed");
  await expect(entry(page, "Other")).toBeVisible();
  await groups.getByRole("button", { name: "Save" }).click();
  await expect(entry(page, "Mine")).toContainText("/mine/** · /more");

  await groups.getByRole("button", { name: "Edit: Mine" }).click();
  await groups.getByLabel("Name").fill("Ours");
  page.once("dialog", (d) => d.dismiss());
  await page.getByRole("button", { name: "Segments" }).click();
  await expect(groups.getByLabel("Name")).toHaveValue("Ours");
  page.once("dialog", (d) => d.accept());
  await groups.getByLabel("Name").press("Escape");
  await expect(entry(page, "Mine")).toBeVisible();
  await remove(page, "Mine");
  await expect(entry(page, "Mine")).toHaveCount(0);
  await remove(page, "Other");
  await expect(entry(page, "Other")).toHaveCount(0);
});

test("segments and annotations are made and removed", async ({ page, request }) => {
  await tab(page, "segments");
  await page.getByRole("button", { name: "Add a segment" }).click();
  await page.getByLabel("Name").fill(hostile);
  await page.getByLabel("Values of condition 1").fill("/e2e\n/e2e/more");
  await page.getByRole("button", { name: "Add a condition" }).click();
  await page.getByLabel("Values of condition 2").fill("DE");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(entry(page, hostile)).toContainText("Page is /e2e, /e2e/more · Country is DE");
  const known = (await (await request.get("/api/sites")).json()) as { sites: { id: string; segments?: { name: string }[] }[] };
  expect(known.sites.find((s) => s.id === site.site_id)?.segments).toMatchObject([{ name: hostile }]);
  await isHarmless(page);
  await remove(page, hostile);
  await expect(entry(page, hostile)).toHaveCount(0);

  await page.getByRole("button", { name: "Annotations" }).click();
  await page.getByLabel("Day").fill("2026-11-20");
  await page.getByLabel("Text").fill(hostile);
  await page.getByRole("button", { name: "Add an annotation" }).click();
  await expect(entry(page, hostile)).toContainText("20 Nov 2026");
  await isHarmless(page);
  await remove(page, hostile);
  await expect(entry(page, hostile)).toHaveCount(0);
});

test("says who gets reports, and why somebody cannot", async ({ page }) => {
  await tab(page, "reports");
  const reports = section(page, "Reports and notices");
  await expect(reports).toContainText("No mail is sent: Klar's configuration file names no mail server");
  await reports.getByLabel("Each week").fill("ada@example.org");
  await reports.getByRole("button", { name: "Save" }).click();
  await expect(reports.getByRole("alert")).toHaveText("is a mail address, and there is no mail.smtp");
  await expect(reports.getByLabel("Each week")).toHaveAttribute("aria-invalid", "true");
  await expect(reports.getByRole("button", { name: "Send a report now" })).toBeDisabled();
  // What can be told in this Klar is nobody: the rest is done with an answer that is made up.
  const made = { weekly: ["ops", hostile], monthly: [], notices: [], source: "interface" };
  await page.route("**/api/settings?*", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, json: { ...(await response.json()), reports: made, receivers: { mail: true, webhooks: ["ops"] } } });
  });
  await page.route("**/api/settings/reports/test?*", (route) => route.fulfill({ json: { receivers: [{ receiver: "ops", delivered: true }, { receiver: hostile, delivered: false, error: "x" }] } }));
  page.once("dialog", (d) => d.accept());
  await tab(page, "reports");
  await expect(reports).toContainText("Webhooks: ops.");
  await reports.getByRole("button", { name: "Send a report now" }).click();
  await expect(reports.getByRole("status").getByRole("listitem")).toHaveText(["ops: taken", `${hostile}: not taken; Klar's log and the server's say why`]);
  await isHarmless(page);
});

test("a site is added, changed and removed; one of the file is only shown", async ({ page }) => {
  await tab(page, "sites");
  const filed = section(page, "tracked.example");
  await expect(filed).toContainText("Named in the configuration file");
  await expect(filed.getByRole("textbox")).toHaveCount(0);
  await page.getByLabel("Outbound links").check();
  await expect(page.getByLabel("Script for your pages")).toHaveText(`<script defer data-domain="tracked.example" src="${klar}/js/script.outbound-links.js"></script>`);

  await page.getByRole("button", { name: "Add a site" }).click();
  const form = section(page, "Add a site");
  await form.getByLabel("Name of the site").fill("made.example");
  await form.getByLabel("Further hosts").fill("localhost");
  await form.getByRole("button", { name: "Add a site" }).click();
  await expect(form.getByRole("alert")).toContainText(`belongs to the site "tracked.example"`);
  await expect(form.getByLabel("Further hosts")).toHaveAttribute("aria-invalid", "true");
  await form.getByLabel("Further hosts").fill("www.made.example");
  await form.getByLabel("Time zone").fill("Asia/Kolkata");
  await form.getByRole("button", { name: "Add a site" }).click();
  const made = section(page, "made.example");
  await expect(made.getByLabel("Time zone")).toHaveValue("Asia/Kolkata");
  await expect(page).toHaveURL(/site=made\.example/);
  await made.getByLabel("Keep figures for").fill("25");
  await made.getByRole("button", { name: "Save" }).click();
  await expect(made.getByRole("status")).toHaveText("Saved");
  page.once("dialog", (d) => d.accept());
  await made.getByRole("button", { name: "Remove this site" }).click();
  await expect(page.getByRole("region", { name: "tracked.example" })).toBeVisible();
});

test("has no accessibility faults that axe can see, and fits a phone", async ({ page }) => {
  const faults = async (name: string): Promise<void> => {
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map((v) => `${name}: ${v.id}: ${v.nodes.map((n) => n.target.join(" ")).slice(0, 4).join(", ")}`)).toEqual([]);
  };
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  for (const [name, ...forms] of [["sites", "Add a site"], ["reports"], ["annotations"], ["segments", "Add a segment"], ["goals", "Add a group", "Add a funnel", "Add a goal"]] as const) {
    await tab(page, name);
    for (const form of forms) await page.getByRole("button", { name: form }).click();
    await page.setViewportSize({ width: 360, height: 800 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
    await page.setViewportSize({ width: 1280, height: 900 });
    await faults(name);
  }
  await page.emulateMedia({ colorScheme: "dark" });
  await faults("goals, dark");
});
