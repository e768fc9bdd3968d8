// What beacons tell: goals with revenue, properties, a funnel and the real time. KLAR_BEACONS_URL is a running Klar with
// e2e/beacons.yaml; e2e/run starts one.
import { expect, test } from "@playwright/test";

const klar = process.env["KLAR_BEACONS_URL"] ?? "";
test.skip(!klar, "KLAR_BEACONS_URL is not set");

const hostile = `<img src=x onerror=alert(1)>`;

/** Sends an event of one of several visitors, who differ by their browser. */
async function send(visitor: number, name: string, path: string, more: object = {}): Promise<void> {
  const answer = await fetch(`${klar}/api/event`, {
    method: "POST",
    headers: { "Content-Type": "text/plain", "User-Agent": `Mozilla/5.0 (X11; Linux x86_64; rv:${130 + visitor}.0) Gecko/20100101 Firefox/${130 + visitor}.0` },
    body: JSON.stringify({ n: name, u: `http://localhost${path}`, d: "tracked.example", ...more }),
  });
  expect(answer.status).toBe(202);
  expect(answer.headers.get("x-klar-dropped")).toBeNull();
}

test("shows goals, revenue, properties, funnels and the present, and nothing of what attackers wrote", async ({ page }) => {
  const said: string[] = [];
  page.on("console", (m) => m.type() === "error" && said.push(m.text()));
  page.on("dialog", () => said.push("a dialog"));
  for (let v = 0; v < 4; v++) await send(v, "pageview", "/shop/", { r: "https://ref.example/page" });
  for (let v = 0; v < 3; v++) await send(v, "Signup", "/shop/", { p: { plan: v === 0 ? "pro" : "free" } });
  // What is no name becomes none, and no markup is kept: nothing of this is shown.
  await send(8, hostile, "/shop/", { p: { plan: hostile, [hostile]: "x" }, r: `https://ref.example/${hostile}` });
  await send(9, "<b>bold</b>", "/shop/", { p: { plan: "<b>bold</b>" } });
  await send(0, "Order", "/shop/", { $: { currency: "EUR", amount: "1234.50" } });

  await page.goto(`${klar}/?site=tracked.example&period=day`);
  const behaviour = page.locator("[data-panel=behaviour]");
  const row = (name: string) => behaviour.getByRole("row", { name: new RegExp(`^${name}`) });
  await expect(async () => {
    await page.reload();
    await expect(row("Order")).toContainText("€1,234.50", { timeout: 1500 });
  }).toPass();
  await expect(row("Signup").getByRole("cell").first()).toHaveText("3");

  await behaviour.getByRole("button", { name: "Properties" }).click();
  await behaviour.getByLabel("Property", { exact: true }).selectOption("plan");
  await expect(row("free").getByRole("cell").first()).toHaveText("2");
  await expect(row("pro").getByRole("cell").first()).toHaveText("1");
  await expect(behaviour).not.toContainText("<");
  await row("free").getByRole("button").click();
  await expect(page.getByRole("list", { name: "Filters" })).toContainText("Property plan is free");
  await expect(page.locator("[data-panel=sources]")).toContainText("not kept together");
  await page.keyboard.press("Escape");

  await behaviour.getByRole("button", { name: "Funnels" }).click();
  await expect(behaviour.locator(".step-count b")).toHaveText(["4", "3", "1"]);
  await expect(behaviour.locator(".lost")).toHaveText(["1 left here (25%)", "2 left here (66.7%)"]);

  await page.getByRole("button", { name: "Filter", exact: true }).click();
  await page.getByLabel("Filter by").selectOption("Event");
  await expect(page.getByRole("dialog").getByRole("checkbox", { name: /^Signup/ })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.locator("[data-panel=sources]").getByRole("button", { name: "Referrers" }).click();
  await expect(page.locator("[data-panel=sources] .row").first()).toBeVisible();

  await page.keyboard.press("r");
  const now = page.getByRole("region", { name: "Real time" });
  await expect(now.locator("dd").first()).toHaveText(/^[1-9]/);
  await expect(now.locator("dd").last()).toHaveText(/^[1-9]/);
  await expect(page.locator("[data-panel=now-page]")).toContainText("/shop/");
  await expect(page.locator("[data-panel=now-source] .row")).not.toHaveCount(0);
  await expect(page.locator("main")).not.toContainText("<");
  expect(said).toEqual([]);
});
