// Hosts are shown where a site has several. KLAR_BEACONS_URL is a running Klar with e2e/beacons.yaml; e2e/run starts one.
import { expect, test, type Page } from "@playwright/test";

const klar = process.env["KLAR_BEACONS_URL"] ?? "";
test.skip(!klar, "KLAR_BEACONS_URL is not set");

async function view(url: string): Promise<void> {
  const answer = await fetch(`${klar}/api/event`, {
    method: "POST",
    headers: { "Content-Type": "text/plain", "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" },
    body: JSON.stringify({ n: "pageview", u: url, d: "hosted.example" }),
  });
  expect(answer.headers.get("x-klar-dropped")).toBeNull();
}

/** Opens the page until it has so many rows in the panel of pages: what a beacon tells is delivered after a second. */
async function openWith(page: Page, address: string, pages: number): Promise<void> {
  await expect(async () => {
    await page.goto(`${klar}/?site=hosted.example&period=day${address}`);
    await expect(page.locator("[data-panel=pages] .row")).toHaveCount(pages, { timeout: 1500 });
  }).toPass();
}

test("shows hosts, and asks for filters by them, from the second one on", async ({ page }) => {
  const hosts = page.getByLabel("Choice of Hosts");
  const rows = page.locator("[data-panel=pages] .row");
  const filterBy = page.getByRole("dialog").getByLabel("Filter by");
  await view("https://hosted.example/");
  await openWith(page, "", 1);
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await expect(filterBy.getByRole("option", { name: "Exit page" })).toHaveCount(1);
  await expect(filterBy.getByRole("option", { name: /host/i })).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(hosts).toHaveCount(0);

  await view("https://blog.hosted.example/about");
  await openWith(page, "&tab=pages:hosts", 2);
  await expect(rows).toHaveText([/^blog\.hosted\.example/, /^hosted\.example/]);
  await hosts.selectOption("Entry hosts");
  await expect(rows).toHaveText(/^hosted\.example/);
  await hosts.selectOption("Exit hosts");
  await expect(rows).toHaveText(/^blog\.hosted\.example/);
  await rows.getByRole("button").click();
  await expect(page.getByRole("list", { name: "Filters" })).toContainText("Exit host is blog.hosted.example");
  await expect(page.getByRole("button", { name: /^Visits/ }).locator(".value")).toHaveText("1");
  await expect(page.locator("[data-panel=sources]")).toContainText("Exit host: counted on its own");
  await expect(page.locator("[data-panel=sources]")).toContainText("Remove the filter by it");
  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await expect(filterBy.getByRole("option", { name: /host/i })).toHaveText(["Host", "Entry host", "Exit host"]);
});
