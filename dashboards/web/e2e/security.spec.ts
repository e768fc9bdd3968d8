// The security page, of a site that e2e/crawled.mjs made the log of: some of what is in it would be markup.
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./page";
import { usual } from "../src/pages/security/usual";
import { denyList } from "../src/pages/security/deny";

const klar = process.env["KLAR_BEACONS_URL"] ?? "";
test.skip(!klar, "KLAR_BEACONS_URL is not set");
test.use({ baseURL: klar });

test("shows attacks by kind and target, errors and missing pages", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  page.on("dialog", () => expect(false, "markup of a log ran").toBe(true));
  await page.goto("/security?site=crawled.example&period=all");
  await expect(page.getByRole("img", { name: /Attacks per/ })).toBeVisible();
  await expect(page.getByRole("img", { name: /Errors per/ })).toBeVisible();
  await expect(page.locator(".skeleton, .blank, .stale")).toHaveCount(0);
  const region = (name: string) => page.getByRole("region", { name, exact: true });
  await expect(region("In short")).toContainText(/Requests that look like attacks[1-9]\d*/);
  for (const kind of ["SQL injection", "Cross-site scripting", "Log4Shell", "Command injection", "Path traversal", "Sensitive files"]) {
    await expect(region("Kinds of attack")).toContainText(kind);
  }
  await expect(region("What was attacked")).toContainText("/.env");
  await expect(region("Methods of attacks")).toContainText("POST");
  await expect(region("Countries they came from")).toContainText("United States");
  const networks = region("Networks that attacked");
  await expect(networks.getByRole("row", { name: /^8\.8\.8\.0\/24/ })).toContainText("SQL injection");
  await networks.getByRole("button", { name: "Copy as nginx deny list" }).click();
  await expect(networks.getByText("Copied")).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^# Networks .*\n(deny [0-9.]+\/24; # \d+ attacks, \d+ harmless\n)+$/);
  await expect(region("Missing pages").getByRole("listitem").first()).toBeVisible();
  // Nothing of what was sent is shown.
  await expect(page.locator("main")).not.toContainText(/UNION|passwd|jndi:|alert\(/);
  await expect(page.locator("main img, main script")).toHaveCount(0);
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  }
});

test("tells of a scan that goes on, and of its network", async ({ page }) => {
  await page.goto("/security?site=attacked.example&period=day");
  const alerts = page.getByRole("region", { name: "Alerts", exact: true });
  await expect(alerts.getByRole("listitem").filter({ hasText: "klar/http-scan" })).toContainText("8.8.8.0/24");
  await expect(page.getByText(/alerts? (is|are) firing\./)).toBeVisible();
  await expect(page.locator(".skeleton, .blank, .stale")).toHaveCount(0);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
});

test("marks where figures were not as usual", async ({ page }) => {
  const start = new Date(Date.now() - 3_600_000 * 5).toISOString();
  const unusual = { series: "requests", value: 4120, low: 80, high: 310 };
  const hostile = { id: "a", rule: "my/<b>rule</b>", description: "<img src=x onerror=alert(1)>", severity: "critical", site_id: "crawled.example", times: 1, firing: false, start, last: start, end: start, link: "/", figures: unusual };
  await page.route("**/api/security/alerts?*", (route) => route.fulfill({ json: { alerts: [hostile] } }));
  await page.goto("/security?site=crawled.example&period=all&alert=a");
  const row = page.getByRole("region", { name: "Alerts", exact: true }).getByRole("listitem");
  await expect(row).toContainText("<img src=x onerror=alert(1)>");
  await expect(row).toContainText("requests: 4,120 in a minute, usually 80 to 310");
  await expect(row).toHaveAttribute("aria-current", "true");
  await expect(page.getByText("Nothing is firing.")).toBeVisible();
  await expect(page.locator("path.mark")).toHaveCount(1); // on the graph of its series
  for (const [series, axis] of [["Bytes", /MB|kB/], ["Attacks", /^\d+$/], ["4xx", /^\d+$/], ["5xx", /^\d+$/], ["Failed logins", /^\d+$/]] as const) {
    await page.getByRole("group", { name: "As usual?" }).getByRole("button", { name: series }).click();
    const card = page.getByRole("region", { name: "As usual?" });
    await expect(card.getByRole("img", { name: new RegExp(`^${series} per hour`) }).or(card.getByText("Nothing was counted"))).toBeVisible();
    await expect(card.locator("svg text").filter({ hasText: axis }).or(card.getByText("Nothing was counted")).first()).toBeVisible();
    await expect(card.locator("path.mark")).toHaveCount(0);
  }
  await expect(page).toHaveURL(/tab=usual:failed\+logins/);
});

test("what is usual is the median of the same hours of the weeks before", () => {
  const hour = 3_600_000;
  const week = 168 * hour;
  const now = 10 * week;
  const figures = new Map([[now - week, 10], [now - 2 * week, 1000], [now - 3 * week, 14], [now + hour - week, 7]]);
  const middle = (t: number, since: number) => usual([t], figures, since)[0]?.usual;
  expect(middle(now, now - 3 * week)).toBe(14);
  expect(middle(now, now - 2 * week)).toBe(505);
  expect(middle(now, now - week), "one week is too few").toBeUndefined();
  expect(middle(now + hour, now - 4 * week), "an hour without figures had none").toBe(0);
});

test("what is still ordinary is as wide as the weeks before were restless", () => {
  const hour = 3_600_000;
  const week = 168 * hour;
  const now = 10 * week;
  const past = (value: (hours: number) => number) => new Map(Array.from({ length: 4 * 168 }, (_, i) => [now - (i + 1) * hour, value(i)] as const));
  const even = usual([now], past(() => 100), 0)[0];
  expect(even).toEqual({ low: 50, usual: 100, high: 150 }); // five times the root of what is counted
  const restless = usual([now], past((i) => ((i * 7919) % 200)), 0)[0];
  expect((restless?.high ?? 0) - (restless?.usual ?? 0)).toBeGreaterThan(200);
  expect(usual([now], past(() => 0), 0)[0], "ten more than nothing are needed").toEqual({ low: 0, usual: 0, high: 10 });
});

test("a list to deny holds networks only", () => {
  const network = (net: string) => ({ net, country: "", provider: "", requests: 1, certain: 0, harmless: 0, threats: {}, rules: [], last: "" });
  const list = denyList([network("192.0.2.0/24"), network("2001:db8::/48"), network("0.0.0.0/0;} evil"), network("a\nb/1")], "# head", () => "1");
  expect(list).toBe("# head\ndeny 192.0.2.0/24; # 1\ndeny 2001:db8::/48; # 1\n");
});
