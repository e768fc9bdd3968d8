// Every page shows as text whatever the server answers: each text of each answer gets markup that would run if it were
// taken for such. The pages ask on with it, so it is taken out of the questions again. KLAR_BEACONS_URL is a running Klar.
import { expect, test, type Page, type Route } from "@playwright/test";

const klar = process.env["KLAR_BEACONS_URL"] ?? "";
test.skip(!klar, "KLAR_BEACONS_URL is not set");
test.use({ baseURL: klar, locale: "en-GB" });

const payload = `'"></title><img src=x onerror=alert(1)><script>alert(2)</script>`;

/** Texts that are one of a few words, which the pages have texts of their own for. */
const words = new Set([
  "role", "timezone", "level", "code", "state", "kind", "severity", "format", "table", "source", "retention", "currency", "type", "action",
  "series", "what", "store", "date", "short", "long", "origin", "language", "operator", "field", "origins", "log_signals", "respect", "direction", "tag",
]);

/** Adds the markup to every text of an answer, and to the keys that are names of sites. */
function hostile(value: unknown, key = "", time = false): unknown {
  if (typeof value === "string") {
    return words.has(key) || time || /^\d{4}-\d\d-\d\d/.test(value) || value === "" ? value : value + payload;
  }
  if (Array.isArray(value)) return value.map((v) => hostile(v, key, time));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => {
    if (key === "sites" && typeof v === "string") return [k + payload, v];
    if (k === "filters" || k === "query" || k === "meta") return [k, v];
    return [k, hostile(v, k)];
  }));
}

const entries: Record<string, object> = {
  "/api/users": { users: [{ name: "eve", role: "everybody", sites: { "tracked.example": "viewer" }, fixed: false }] },
  "/api/tokens": { tokens: [{ id: "a", name: "nightly", sites: ["tracked.example"], made: "2026-11-20", by: "ada", used: "" }] },
  "/api/links": { links: [{ id: "a", name: "press", password: false, expires: null, over: false, origins: ["https://press.example"], made: "2026-11-20", by: "ada" }], public: true, origins: [] },
  "/api/audit": { entries: [{ time: "2026-11-20T10:00:00Z", user: "ada", action: "tokens.add", site: "tracked.example", object: "nightly" }] },
  "/api/annotations": { annotations: [{ id: "a", day: new Date().toISOString().slice(0, 10), text: "released" }] },
  "/api/session": { name: "ada", role: "owner", sites: { "tracked.example": "owner", "crawled.example": "owner" }, sign_in: { password: true, providers: [{ id: "staff", name: "Staff" }] }, open: false, own_password: true },
};

async function answer(route: Route): Promise<void> {
  const asked = route.request();
  const url = new URL(asked.url());
  const clean = (text: string) => text.replaceAll(JSON.stringify(payload).slice(1, -1), "").replaceAll(payload, "");
  for (const [name, value] of [...url.searchParams]) url.searchParams.set(name, clean(value));
  if (url.pathname === "/api/pipeline/tail") {
    const lines = [{ minute: "2026-11-20T10:00:00Z", origin: "log", kind: "page", path: "/path", method: "GET", channel: "Direct", country: "DE", device: "Mobile", browser: "Firefox", system: "Linux" }, { minute: "2026-11-20T10:00:00Z", origin: "log", kind: "bot", bot: "GPTBot", path: "/" }];
    return route.fulfill({ contentType: "text/event-stream", body: `data: ${JSON.stringify({ lines: hostile(lines), skipped: 0 })}\n\n` });
  }
  const made = entries[url.pathname];
  if (made) return route.fulfill({ json: hostile(made) });
  const body = asked.postData();
  const response = await route.fetch({ url: url.href, ...(body ? { postData: clean(body) } : {}) });
  if (!response.headers()["content-type"]?.includes("json")) return route.fulfill({ response });
  const json = await response.json();
  if (url.pathname === "/api/v2/query" && json.results) {
    const dimensions = json.query.dimensions as string[];
    for (const row of json.results) row.dimensions = row.dimensions.map((d: string, i: number) => hostile(d, "", dimensions[i]?.startsWith("time")));
    return route.fulfill({ response, json });
  }
  return route.fulfill({ response, json: hostile(json) });
}

/** Wants nothing of the markup to be an element, and the text of it to be shown in so many places at least. */
async function shownAsText(page: Page, path: string, places: number): Promise<void> {
  await expect(page.locator(".skeleton, .blank, .stale")).toHaveCount(0);
  await expect.poll(async () => (await page.locator("body").innerText()).split("onerror=alert(1)").length - 1, { message: path }).toBeGreaterThanOrEqual(places);
  expect(await page.locator("img[src=x], body script").count(), path).toBe(0);
}

test("shows on every page as text what is none", async ({ page }) => {
  const ran: string[] = [];
  page.on("dialog", (d) => { ran.push(d.message()); void d.dismiss(); });
  page.on("console", (m) => { if (/Content Security Policy|Refused to/.test(m.text())) ran.push(m.text()); });
  page.on("pageerror", (e) => ran.push(`${page.url()}: ${e.message}`));
  await page.route("**/api/**", answer);
  for (const [path, places] of [
    ["/?site=tracked.example&period=day", 10], ["/?site=crawled.example&period=all", 10], ["/security?site=crawled.example&period=all", 8],
    ["/bots?site=crawled.example&period=all", 5], ["/pipeline", 5], ["/privacy?site=tracked.example", 20], ["/settings?site=tracked.example&tab=sites", 1],
    ["/settings?site=tracked.example&tab=goals", 1], ["/settings?site=tracked.example&tab=segments", 1], ["/settings?site=tracked.example&tab=reports", 1],
    ["/settings?site=tracked.example&tab=annotations", 2], ["/settings?site=tracked.example&tab=sharing", 2],
    ["/settings?site=tracked.example&tab=users", 2], ["/settings?site=tracked.example&tab=tokens", 3], ["/settings?site=tracked.example&tab=audit", 3], ["/sign-in", 1],
  ] as const) {
    const url = new URL(path, klar);
    if (url.searchParams.has("site")) url.searchParams.set("site", url.searchParams.get("site") + payload);
    await page.goto(url.pathname + url.search);
    await shownAsText(page, path, places);
    if (path.endsWith("tab=sites")) {
      const tabs = page.getByRole("navigation", { name: "Settings" }).getByRole("button");
      await expect(tabs, "the tabs above, and the password's, which shows nothing of the server").toHaveCount(10);
    }
    if (path !== "/pipeline") continue;
    await page.getByRole("button", { name: "Watch" }).click();
    await shownAsText(page, "live tail", places + 5);
  }
  expect(ran).toEqual([]);
});
