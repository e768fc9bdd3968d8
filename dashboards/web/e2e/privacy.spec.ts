// The privacy page: what it says, its switch, and that the paragraphs claim nothing that the configuration does not do.
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./page";
import type { Facts, SiteFacts } from "../src/pages/privacy/facts";
import { asHTML, asText, notice } from "../src/pages/privacy/notice";

const site: SiteFacts = {
  id: "example.org", retention_days: 0, retention_months: 25, logs: true, beacons: true, log_signals: [], goals: false, revenue: false,
  origins: ["log"], here: false,
};
const facts: Facts = {
  ipv4_prefix: 20, ipv6_prefix: 40, crowd: 12, respect: ["gpc"], query: ["ref"], store: "embedded", tables: [], site,
  geo: [{ what: "country", name: "DBIP-Country-Lite", date: "2026-06-01" }],
};
const nothing = { log: false, script: false, pixel: false, server: false };

test("paragraphs say what the configuration does, and nothing else", () => {
  const log = { ...nothing, log: true };
  for (const [language, words] of Object.entries({
    en: { script: /script/i, kept: "after 25 months", bits: /last 12 of the 32 bits .*203\.0\.113\.77 becomes 203\.0\.112\.0.* last 88 of the 128/, signal: /Sec-GPC/, attack: /attack/ },
    de: { script: /skript/i, kept: "nach 25 Monaten", bits: /letzten 12 der 32 Bit .*203\.0\.113\.77 wird 203\.0\.112\.0.* letzten 88 der 128/, signal: /Sec-GPC/, attack: /Angriff/ },
  })) {
    const of = (change: Partial<Facts>, ways = log, of = site) => asText(notice({ ...facts, ...change }, of, ways, "open", language as "en" | "de"), language as "en" | "de");
    const plain = of({});
    expect(plain).toContain(words.kept);
    expect(plain).toMatch(words.bits);
    expect(plain).toContain("12 ");
    expect(plain).toContain("(ref)");
    expect(plain).toContain("https://db-ip.com");
    expect(plain).not.toMatch(words.script);
    expect(plain, "the log is not known to have the signal").not.toMatch(words.signal);
    expect(plain).not.toMatch(words.attack);
    expect(of({}, log, { ...site, log_signals: ["gpc"] })).toMatch(words.signal);
    expect(of({}, { ...nothing, script: true })).toMatch(words.signal);
    expect(of({ respect: [] }, { ...nothing, script: true })).not.toMatch(words.signal);
    expect(of({ geo: [] })).not.toContain("DB-IP");
    expect(of({ geo: [{ what: "country", name: "GeoLite2-Country", date: "2026-01-01" }] })).toContain("https://www.maxmind.com");
    expect(of({ store: "server" })).toContain("ClickHouse");
    expect(of({ tables: [{ name: "signals", text: { en: "", de: "" }, columns: [] }] })).toMatch(words.attack);
    expect(of({}, log, { ...site, retention_months: 0 })).not.toContain(words.kept);
    expect(of({ query: [] })).not.toContain("(ref)");
  }
  const html = asHTML([{ heading: "<b>", paragraphs: ['"&" (https://db-ip.com).'] }], "en");
  expect(html).toContain("<h3>&lt;b&gt;</h3>");
  expect(html).toContain('&quot;&amp;&quot; (<a href="https://db-ip.com" rel="noreferrer">https://db-ip.com</a>)');
});

test.describe("the page", () => {
  test.skip(!process.env["KLAR_URL"], "KLAR_URL is not set");

  test("says what is stored, switches the flag, and copies", async ({ page, context }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.goto("/privacy?site=example.org");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("What is counted on example.org, and what is not");
    await expect(page.locator(".sentences li")).toHaveCount(5);
    await expect(page.getByRole("link", { name: "Privacy" })).toHaveAttribute("aria-current", "page");
    await expect(page.locator("#read + table")).toContainText("203.0.113.77 becomes 203.0.113.0");

    const hits = page.locator("details", { has: page.getByText("hits", { exact: true }) });
    await hits.locator("summary").press("Enter");
    await expect(hits.getByRole("row", { name: /^browser_version/ })).toContainText("Major version");

    const ignore = page.getByRole("switch");
    const flag = () => page.evaluate(() => localStorage.getItem("klar_ignore"));
    await expect(ignore).not.toBeChecked();
    await ignore.click();
    await expect(ignore).toBeChecked();
    expect(await flag()).toBe("true");
    await page.reload();
    await expect(ignore).toBeChecked();
    await ignore.press("Space");
    expect(await flag()).toBeNull();
    await expect(page.getByText("and not for example.org")).toBeVisible();

    const ways = page.getByRole("group", { name: "What reports page views" });
    await ways.getByLabel("Log of the web server").check();
    await expect(page.getByRole("article", { name: "Preview" })).not.toContainText("script");
    await ways.getByLabel("Script").check();
    await page.getByLabel("Legal basis").selectOption({ label: "Consent, Art. 6(1)(a)" });
    const generator = page.getByRole("region", { name: "Paragraphs for your privacy notice" });
    await generator.getByLabel("Language").selectOption("de");
    await page.getByRole("button", { name: "Copy as HTML" }).click();
    await expect(page.getByText("Copied")).toBeVisible();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toContain("<h2>Statistik dieser Website mit Klar</h2>");
    expect(copied).toContain("Art. 6 Abs. 1 Buchst. a DSGVO");
    await expect(page.locator("pre")).toContainText('localStorage.setItem("klar_ignore", "true")');

    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    }
  });

  test("is for strangers, too, if everybody may read it", async ({ page }) => {
    const asked: string[] = [];
    page.on("request", (r) => asked.push(new URL(r.url()).pathname));
    await page.route("**/api/session", (route) => route.fulfill({ json: { name: "", role: "everybody", sites: {}, sign_in: { password: true, providers: [] }, open: false } }));
    await page.goto("/privacy?site=example.org");
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("What is counted on example.org, and what is not");
    await expect(page.getByRole("heading", { name: "Paragraphs for your privacy notice" })).toHaveCount(0);
    expect(asked, "what strangers may not ask").not.toContain("/api/sites");
  });

  test("tells nothing of a site that does not exist", async ({ page, mayFail }) => {
    mayFail.allowed = true; // the browser reports the 404
    await page.goto(`/privacy?${new URLSearchParams({ site: "<img src=x onerror=alert(1)>" })}`);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText("What is counted here, and what is not");
    await expect(page.getByText("There is no such site here.")).toBeVisible();
    await expect(page.locator("main img, .preview")).toHaveCount(0);
  });
});
