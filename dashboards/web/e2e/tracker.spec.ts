// The tracker, and Plausible's published one, on a page of another origin than Klar's. What counts is what Klar answers of it.
// KLAR_BEACONS_URL is a running Klar with the site tracked.example and its host localhost; e2e/run starts one.
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test, type Page } from "@playwright/test";

const klar = process.env["KLAR_BEACONS_URL"] ?? "";
test.skip(!klar, "KLAR_BEACONS_URL is not set");

let server: Server;
let origin = "";
let script = "";

const plausible = (): string => readFileSync("node_modules/@plausible-analytics/tracker/plausible.js", "utf8");

test.beforeAll(async () => {
  server = createServer((request, response) => {
    const js = request.url === "/plausible.js";
    response.setHeader("Content-Type", js ? "text/javascript" : "text/html");
    response.end(js ? plausible() : `<!doctype html><title>page</title>${script}`);
  });
  await new Promise<void>((done) => server.listen(0, "localhost", done));
  origin = `http://localhost:${(server.address() as AddressInfo).port}`;
});
test.afterAll(() => server.close());

/** Headless Chromium says so in its agent, and Klar would drop it as a bot. */
test.use({ userAgent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36" });

/** How often each page below the path was viewed, or each event that begins with it happened. */
async function figures(dimension: string, metric: string, prefix: string): Promise<Record<string, number>> {
  const answer = await fetch(`${klar}/api/v2/query`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ site_id: "tracked.example", metrics: [metric], date_range: "day", dimensions: [dimension] }),
  });
  const { results } = (await answer.json()) as { results: { dimensions: string[]; metrics: number[] }[] };
  return Object.fromEntries(results.filter((r) => r.dimensions[0]?.startsWith(prefix)).map((r) => [r.dimensions[0], r.metrics[0]]));
}

const pages = (prefix: string): Promise<Record<string, number>> => figures("event:page", "pageviews", prefix);
const events = (prefix: string): Promise<Record<string, number>> => figures("event:name", "events", prefix);

const tag = (attributes = ""): string => `<script defer data-domain="tracked.example" ${attributes} src="${klar}/js/script.js"></script>`;

async function open(page: Page, path: string, head: string): Promise<void> {
  script = head;
  await page.goto(origin + path);
}

test("counts a page view, navigation within the page and an event", async ({ page, context }) => {
  await open(page, "/own/start?utm_source=letter", tag());
  await page.evaluate(() => history.pushState({}, "", "/own/next"));
  await page.evaluate(() => history.pushState({}, "", "/own/next?only=query"));
  await page.evaluate(() => window.klar?.("Own Signup", { props: { plan: "free" } }));
  await page.evaluate(() => window.plausible?.("Own Alias", { interactive: false }));
  await page.goBack();
  await page.goBack();
  await expect.poll(() => pages("/own/")).toEqual({ "/own/start": 2, "/own/next": 1 });
  await expect.poll(() => events("Own")).toEqual({ "Own Signup": 1, "Own Alias": 1 });
  expect(await context.cookies()).toEqual([]);
  expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
});

test("sends what waited in the queue, and takes the site from its own address", async ({ page }) => {
  await open(page, "/queue/a", `<script>window.klar = (...a) => (klar.q = klar.q || []).push(a); klar("Queue Early")</script>
    <script defer src="${klar}/js/script.js?domain=tracked.example"></script>`);
  await expect.poll(() => pages("/queue/")).toEqual({ "/queue/a": 1 });
  await expect.poll(() => events("Queue")).toEqual({ "Queue Early": 1 });
});

test("finds its way by the fragment", async ({ page }) => {
  await open(page, "/hash#/one", tag("data-hash"));
  await page.evaluate(() => (location.hash = "#/two"));
  await expect.poll(() => pages("/hash")).toEqual({ "/hash/one": 1, "/hash/two": 1 });
});

test("counts neither excluded pages nor who asked not to be counted", async ({ page }) => {
  await open(page, "/skip/secret/x", tag('data-exclude="/skip/secret/*, /skip/other"'));
  await page.evaluate(() => history.pushState({}, "", "/skip/open"));
  await expect.poll(() => pages("/skip/")).toEqual({ "/skip/open": 1 });
  await page.evaluate(() => localStorage.setItem("klar_ignore", "true"));
  const sent: string[] = [];
  page.on("request", (r) => sent.push(new URL(r.url()).pathname));
  await page.evaluate(() => history.pushState({}, "", "/skip/ignored"));
  await open(page, "/skip/ignored", tag());
  await expect.poll(() => sent).toContain("/js/script.js");
  expect(sent).not.toContain("/api/event");
});

test("tells how far and how long a page was read, and what its parts see", async ({ page }) => {
  const sent: Record<string, unknown>[] = [];
  page.on("request", (r) => r.url().endsWith("/api/event") && sent.push(JSON.parse(r.postData() ?? "{}") as Record<string, unknown>));
  const parts = "404.file-downloads.form-submissions.outbound-links.tagged-events";
  await open(page, "/parts/start", `<script defer data-domain="tracked.example" src="${klar}/js/script.${parts}.js"></script>
    <body style="height: 400vh"><a id="out" href="https://other.example/">out</a> <a id="file" href="/parts/a.pdf">file</a>
    <button class="klar-event-name=Parts+Tagged klar-revenue-amount=9.5 klar-revenue-currency=EUR">tagged</button>
    <form><button id="send">send</button></form>
    <script>addEventListener("click", (e) => e.target.closest("a") && e.preventDefault()); addEventListener("submit", (e) => e.preventDefault())</script>`);
  for (const id of ["#out", "#file", "#send", "button"]) await page.locator(id).first().click();
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await page.waitForFunction(() => performance.now() > 1500);
  await page.evaluate(() => history.pushState({}, "", "/parts/next"));
  await expect.poll(() => sent.map((e) => e["n"]).sort()).toEqual([
    "File Download", "Form: Submission", "Outbound Link: Click", "Parts Tagged", "engagement", "pageview", "pageview",
  ]);
  const told = sent.find((e) => e["n"] === "engagement");
  expect(told).toMatchObject({ u: `${origin}/parts/start`, sd: 100 });
  expect(told?.["e"]).toBeGreaterThanOrEqual(1000);
  expect(sent.find((e) => e["n"] === "Parts Tagged")).toMatchObject({ $: { amount: "9.5", currency: "EUR" } });
});

test("Plausible's own tracker works unchanged", async ({ page }) => {
  const answers: number[] = [];
  page.on("response", (r) => r.url().endsWith("/api/event") && answers.push(r.status()));
  await open(page, "/plausible/start", `<script type="module">
    import { init, track } from "/plausible.js";
    init({ domain: "tracked.example", endpoint: "${klar}/api/event", captureOnLocalhost: true, outboundLinks: true });
    track("Plausible Order", { props: { a: 1 }, revenue: { currency: "EUR", amount: 9.5 } });
  </script>`);
  await page.evaluate(() => history.pushState({}, "", "/plausible/next"));
  await expect.poll(() => pages("/plausible/")).toEqual({ "/plausible/start": 1, "/plausible/next": 1 });
  await expect.poll(() => events("Plausible")).toEqual({ "Plausible Order": 1 });
  await expect.poll(() => answers.length).toBeGreaterThanOrEqual(3);
  expect(answers.filter((s) => s !== 202)).toEqual([]);
});
