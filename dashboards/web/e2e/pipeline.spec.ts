// The pipeline page, on a Klar that takes beacons. KLAR_BEACONS_URL is one with the site tracked.example; e2e/run starts one.
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "./page";

const klar = process.env["KLAR_BEACONS_URL"] ?? "";
test.skip(!klar, "KLAR_BEACONS_URL is not set");
test.use({ baseURL: klar });

const send = async (path: string): Promise<void> => {
  const answer = await fetch(`${klar}/api/event`, {
    method: "POST",
    headers: { "Content-Type": "text/plain", "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" },
    body: JSON.stringify({ n: "pageview", u: `http://localhost${path}`, d: "tracked.example" }),
  });
  expect(answer.status).toBe(202);
};

test("says that all is well, and shows what passes without where a single visitor goes", async ({ page }) => {
  await page.goto("/pipeline");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("All is well: everything that comes in is counted.");
  await expect(page.getByRole("link", { name: "Pipeline" })).toHaveAttribute("aria-current", "page");
  await expect(page.getByRole("region", { name: "Sources" })).toContainText(/attacked\.log.*attacked\.example/);
  await expect(page.getByRole("region", { name: "Engine and disk" })).toContainText(/ClickHouse, embedded.*\d+\.\d+/);
  await expect(page.getByRole("region", { name: "Engine and disk" })).toContainText(/ of .* free/);

  const tail = page.getByRole("region", { name: "Live tail" });
  await tail.getByRole("button", { name: "Watch" }).click();
  await expect(tail).toContainText("Nothing has passed yet.");
  await send("/secret/one");
  const rows = tail.locator("tbody tr");
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText(/page.*path withheld/);
  expect(await tail.textContent()).not.toContain("secret");

  await tail.getByRole("button", { name: "Pause" }).click();
  await send("/secret/two");
  await expect(tail).toContainText("1 came since the pause");
  await expect(rows).toHaveCount(1);
  await tail.getByRole("button", { name: "Go on" }).click();
  await expect(rows).toHaveCount(2);
  await tail.getByLabel("Filter").fill("Googlebot");
  await expect(tail).toContainText("Nothing that passed matches.");
  await tail.getByLabel("Filter").fill("beacon");
  await expect(rows).toHaveCount(2);
  await tail.getByLabel("Kind").selectOption("error");
  await expect(rows).toHaveCount(0);
  await tail.getByLabel("Kind").selectOption("");
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await tail.getByRole("button", { name: "Stop" }).click();
  await expect(tail.getByRole("button", { name: "Watch" })).toBeVisible();
});

test("names what is wrong and what to do, in German, and what cannot be had", async ({ browser, mayFail }) => {
  mayFail.allowed = true;
  const context = await browser.newContext({ locale: "de-DE", colorScheme: "dark", baseURL: klar });
  const page = await context.newPage();
  let down = false;
  await page.route("**/api/pipeline", async (route) => {
    if (down) return route.abort();
    const answer = await route.fetch();
    const status = await answer.json();
    status.level = "red";
    status.problems = [
      { level: "red", code: "disk_low", subject: "", value: 123_456_789 },
      { level: "amber", code: "source_lag", subject: "<img src=x onerror=alert(1)>", value: 125 },
    ];
    status.sources = [{
      name: "<b>access.log</b>", kind: "file", site: "", format: "combined", state: "behind", lines: 90, lines_per_second: 1234.5,
      lag_bytes: 5_000_000, lag_seconds: 125, rejected: 7, rejects: { "no time": 7 }, lost: 0, history: [null, 3, 4, null, 5, 6],
    }];
    return route.fulfill({ json: status });
  });
  await page.goto("/pipeline");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Auf der Platte sind noch 123 MB frei.");
  const verdict = page.locator(".verdict");
  await expect(verdict).toHaveAttribute("data-level", "red");
  await expect(verdict).toContainText("Platz schaffen");
  await expect(verdict).toContainText("<img src=x onerror=alert(1)> ist 2 min 05 s im Rückstand.");
  const sources = page.getByRole("region", { name: "Quellen" });
  await expect(sources).toContainText("<b>access.log</b>");
  await expect(sources).toContainText(/im Rückstand.*1\.230.*2\smin 05\ss.*5\sMB/);
  await sources.getByText("7", { exact: true }).first().click();
  await expect(sources).toContainText("no time");
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);

  down = true;
  await page.reload();
  await expect(page.getByRole("alert")).toBeVisible();
  down = false;
  await page.getByRole("button", { name: "Noch einmal versuchen" }).click();
  await expect(verdict).toContainText("Platz schaffen");
  await context.close();
});
