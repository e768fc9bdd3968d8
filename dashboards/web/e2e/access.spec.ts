// Who may look: signing in and out, roles, shared links and frames. KLAR_ACCOUNTS_URL is a running Klar with the sites
// first.example and second.example, ada, who owns all, and vic, who views the first; e2e/run starts one.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import AxeBuilder from "@axe-core/playwright";
import { test as plain, type APIRequestContext, type Page } from "@playwright/test";
import { expect, test } from "./page";

const klar = process.env["KLAR_ACCOUNTS_URL"] ?? "";
test.skip(!klar, "KLAR_ACCOUNTS_URL is not set");
test.use({ baseURL: klar, locale: "en-GB" });

const password = "correct horse battery";

async function signIn(page: Page, name: string, word = password): Promise<void> {
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Password").fill(word);
  await page.getByRole("button", { name: "Sign in" }).click();
}

async function accessible(page: Page): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(", ")}`)).toEqual([]);
  }
}

test("signs in where it was asked to, and out again", async ({ page, mayFail }) => {
  mayFail.allowed = true; // the browser says that it was refused
  await page.goto("/?site=second.example&period=day");
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await accessible(page);
  await signIn(page, "ada", "wrong password");
  await expect(page.getByRole("alert")).toHaveText("The name or the password is wrong.");
  await expect(page.getByLabel("Password")).toHaveValue("");
  await signIn(page, "Ada");
  await expect(page).toHaveURL(`${klar}/?site=second.example&period=day`);
  const site = page.getByLabel("Site", { exact: true });
  await expect(site.locator("option")).toHaveText(["first.example", "second.example"]);
  expect(await page.evaluate(() => document.cookie)).toBe("");

  await page.getByLabel("Signed in as ada").press("Enter");
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(`${klar}/sign-in`);
  await page.goto("/");
  await expect(page).toHaveURL(/\/sign-in/);
});

test("shows a viewer the own site only, and is led nowhere else", async ({ page, mayFail }) => {
  mayFail.allowed = true;
  for (const next of ["https://evil.example/", "/\\evil.example/"]) {
    await page.goto(`/sign-in?${new URLSearchParams({ next })}`);
    await signIn(page, "vic");
    await expect(page).toHaveURL(`${klar}/`);
    await expect(page.locator(".header .site")).toHaveText("first.example");
    await page.goto("about:blank"); // a page that asks on would lead to signing in
    expect((await page.request.delete("/api/session")).status()).toBe(200);
  }
});

/** Makes a link to first.example as ada, and returns its secret. */
async function share(request: APIRequestContext, of: object): Promise<string> {
  const data = { name: "ada", password };
  expect((await request.post(`${klar}/api/session`, { data })).status()).toBe(200);
  const made = await request.post(`${klar}/api/links?site_id=first.example`, { data: of });
  expect(made.status()).toBe(200);
  return (await made.json()).secret;
}

test("opens a shared link by its password", async ({ page, playwright, mayFail }) => {
  mayFail.allowed = true;
  const link = await share(await playwright.request.newContext(), { name: "<img src=x onerror=alert(1)>", password: "open sesame, please" });
  await page.goto(`/shared?link=${link}`);
  await expect(page.getByRole("heading", { name: "Shared statistics" })).toBeVisible();
  // The styles of the statistics are here, too, and leave the card alone.
  const [title, card] = await Promise.all([page.locator("h1"), page.locator(".gate .card")].map((part) => part.boundingBox()));
  expect((title?.y ?? 0) + (title?.height ?? 0), "the title ends above the card").toBeLessThan(card?.y ?? 0);
  await page.getByLabel("Password").fill("not that one");
  await page.getByRole("button", { name: "Open" }).click();
  await expect(page.getByRole("alert")).toHaveText("This is not the password of the link.");
  await page.getByLabel("Password").fill("open sesame, please");
  await page.getByRole("button", { name: "Open" }).click();
  await expect(page.locator(".header .site")).toHaveText("first.example");
  await expect(page.getByRole("navigation", { name: "Pages of Klar" })).toHaveCount(0);
  await page.keyboard.press("w");
  await expect(page).toHaveURL(/link=/);
  await page.goto(`/shared?link=${link.slice(1)}`);
  await expect(page.getByText("This link does not exist any more")).toBeVisible();
});

plain("is framed by those who may, and by nobody else", async ({ page, playwright }) => {
  plain.skip(!klar, "KLAR_ACCOUNTS_URL is not set");
  let frames = "";
  const blog = createServer((_, answer) => answer.setHeader("content-type", "text/html").end(`<!doctype html><title>Blog</title>${frames}`));
  await once(blog.listen(0, "127.0.0.1"), "listening");
  const origin = `http://localhost:${(blog.address() as AddressInfo).port}`;
  try {
    const request = await playwright.request.newContext();
    const open = await share(request, { name: "blog", origins: [origin] });
    const closed = await share(request, { name: "press", origins: ["https://press.example"] });
    for (const [link, shown] of [[open, 1], [closed, 0]] as const) {
      frames = `<iframe title="Statistics" width="900" height="700" src="${klar}/shared?link=${link}&embed=1&theme=dark"></iframe>`;
      await page.goto(origin);
      const inside = page.frameLocator("iframe");
      await expect(inside.locator(".header .site")).toHaveCount(shown);
      if (shown) await expect(inside.locator("html")).toHaveAttribute("data-theme", "dark");
    }
  } finally {
    blog.close();
  }
});

test("lets an owner hand out rights, and notes it", async ({ page, playwright, mayFail }) => {
  mayFail.allowed = true;
  const anonymous = await playwright.request.newContext({ baseURL: klar });
  const tab = async (name: string): Promise<void> => {
    await page.getByRole("navigation", { name: "Settings" }).getByRole("button", { name }).click();
    await expect(page.getByRole("region", { name: name === "Sharing" ? "Shared links" : name })).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).include(".settings-body").analyze();
    expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(", ")}`)).toEqual([]);
  };
  await page.goto("/sign-in?next=/settings?site=second.example");
  await signIn(page, "ada");
  await tab("Users");
  await page.getByRole("button", { name: "Add a user" }).click();
  await page.getByLabel("Name").fill("Eve");
  await page.getByLabel("Password").fill("short");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByText("At least 10 characters.")).toHaveClass("wrong");
  await page.getByLabel("Password").fill(password);
  await page.getByLabel("All sites").selectOption("none");
  await page.getByLabel("second.example").selectOption("editor");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.locator(".entry", { hasText: "eve" })).toContainText("editor of second.example");

  await tab("Tokens");
  await page.getByLabel("What it is for").fill("<b>nightly</b>");
  await page.getByLabel("second.example").check();
  await page.getByRole("button", { name: "Make a token" }).click();
  const token = (await page.locator(".secret pre").textContent()) ?? "";
  const sites = await anonymous.get("/api/sites", { headers: { authorization: `Bearer ${token}` } });
  expect((await sites.json()).sites.map((s: { id: string }) => s.id)).toEqual(["second.example"]);

  await tab("Sharing");
  expect((await anonymous.get("/api/sites")).status()).toBe(401);
  await page.getByLabel("Everybody may read them").check();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("/shared?site=second.example")).toBeVisible();
  expect((await anonymous.get("/api/sites")).status()).toBe(200);

  await tab("Audit log");
  const log = page.locator(".audit tbody tr");
  for (const [row, said] of ["made the site public", "made a token: <b>nightly</b>", "added a user: eve", "signed in"].entries()) {
    await expect(log.nth(row)).toContainText(said);
  }
  expect((await page.request.put("/api/public?site_id=second.example", { data: { public: false } })).status()).toBe(200);
});
