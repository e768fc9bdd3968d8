// Signing in by OpenID Connect, with a certified provider (npm's oidc-provider) and the forms that it comes with. KLAR_BIN
// is the program: each klar has to know the provider's address before it starts, so the test starts its own.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test, type Page } from "@playwright/test";
// @ts-expect-error it comes without types
import Provider from "oidc-provider";

const program = process.env["KLAR_BIN"] ?? "";
test.skip(!program, "KLAR_BIN is not set");
test.use({ locale: "en-GB" });

const clientSecret = "the secret of the client that klar is";
const groups: Record<string, string[]> = { olga: ["klar-owners"], mia: ["marketing", "all"] };

const work = mkdtempSync(join(tmpdir(), "klar-provider-"));
const secretFile = join(work, "secret");
const said: string[] = [];
let issuer: Server;
let klar: ChildProcess;
let base = "";

/** Answers a port that nothing listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

test.beforeAll(async () => {
  base = `http://127.0.0.1:${await freePort()}`;
  issuer = createServer();
  await once(issuer.listen(0, "127.0.0.1"), "listening");
  const address = `http://localhost:${(issuer.address() as AddressInfo).port}`;
  const provider = new Provider(address, {
    clients: [{ client_id: "klar", client_secret: clientSecret, redirect_uris: [`${base}/api/sign-in/callback`] }],
    claims: { openid: ["sub"], profile: ["preferred_username"], email: ["email"], groups: ["groups"] },
    scopes: ["openid", "profile", "email", "groups"],
    cookies: { keys: ["of the test"] },
    findAccount: (_: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: `subject-of-${id}`, preferred_username: id, groups: groups[id] ?? [] }) }),
  });
  issuer.on("request", provider.callback());
  writeFileSync(secretFile, clientSecret);
  writeFileSync(join(work, "klar.yaml"), `
http: {url: "${base}", listen: "${new URL(base).host}"}
sites: [{id: first.example}, {id: second.example}]
sign_in:
  providers:
    - id: staff
      name: Staff
      issuer: ${address}
      client_id: klar
      client_secret_file: ${secretFile}
      scopes: [groups]
      claim: groups
      roles: [{value: klar-owners, role: owner}, {value: marketing, sites: {first.example: viewer}}]
`);
  klar = spawn(program, ["serve", "--config", join(work, "klar.yaml"), "--data", join(work, "data")], { stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [klar.stdout, klar.stderr]) createInterface(stream!).on("line", (line) => said.push(line));
  await expect.poll(() => said.join("\n"), { timeout: 30_000 }).toContain("Klar is ready");
});

test.afterAll(async () => {
  issuer?.closeAllConnections();
  issuer?.close();
  if (klar?.exitCode === null && klar.kill()) await once(klar, "exit");
  rmSync(work, { recursive: true, force: true });
});

/** Signs in at the provider, and lets Klar know who it is. */
async function atProvider(page: Page, name: string): Promise<void> {
  await page.getByRole("link", { name: "Continue with Staff" }).click();
  await page.getByPlaceholder("Enter any login").fill(name);
  await page.getByPlaceholder("and password").fill("any password");
  await page.getByRole("button", { name: "Sign-in" }).click();
  await page.getByRole("button", { name: "Continue" }).click();
}

test("signs in by a provider with the roles of its groups, and out again", async ({ page }) => {
  await page.goto(`${base}/?site=second.example&period=day`);
  await expect(page.getByLabel("Password")).toHaveCount(0);
  await atProvider(page, "olga");
  await expect(page).toHaveURL(`${base}/?site=second.example&period=day`);
  await expect(page.getByLabel("Site", { exact: true }).locator("option")).toHaveText(["first.example", "second.example"]);
  const session = await (await page.request.get(`${base}/api/session`)).json();
  expect(session).toMatchObject({ name: "olga", role: "owner", own_password: false });
  await page.getByLabel("Signed in as olga").press("Enter");
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(`${base}/sign-in`);
  expect((await page.request.get(`${base}/api/users`)).status()).toBe(401);
  expect(said.join("\n"), "the log of klar").not.toContain("olga");
});

test("gives a role on one site, and turns away who has none, who cancels, and who comes with another's answer", async ({ page, browser }) => {
  await page.goto(`${base}/sign-in`);
  await atProvider(page, "mia");
  await expect(page.locator(".header .site")).toHaveText("first.example");
  expect((await (await page.request.get(`${base}/api/session`)).json()).sites).toEqual({ "first.example": "viewer" });

  const stranger = await browser.newPage({ locale: "en-GB" });
  await stranger.goto(`${base}/sign-in`);
  await atProvider(stranger, "nora");
  await expect(stranger.getByRole("alert")).toHaveText("You are signed in at the provider, but your account has no role in Klar. Ask an owner for one.");
  expect((await stranger.request.get(`${base}/api/sites`)).status()).toBe(401);
  await stranger.context().clearCookies();
  await stranger.goto(`${base}/sign-in`);
  await stranger.getByRole("link", { name: "Continue with Staff" }).click();
  await stranger.getByRole("link", { name: "Cancel" }).click();
  await expect(stranger.getByRole("alert")).toHaveText("You did not sign in at the provider, or it does not let you.");
  await stranger.goto(`${base}/api/sign-in/callback?code=of-somebody-else&state=too`);
  await expect(stranger.getByRole("alert")).toContainText("or was begun in another browser");
  await stranger.context().close();
});

test("says that the provider refuses when the client's secret is wrong, and in the log why", async ({ page }) => {
  writeFileSync(secretFile, "another secret");
  await page.goto(`${base}/sign-in`);
  await atProvider(page, "olga");
  await expect(page.getByRole("alert")).toHaveText("The provider did not answer as expected. Try again, or ask whoever runs Klar to look at its log.");
  expect((await page.request.get(`${base}/api/sites`)).status()).toBe(401);
  expect(said.join("\n")).toMatch(/level=WARN msg="a sign-in by a provider failed".*\(invalid_client\); look at client_id and client_secret_file/);
  expect(said.join("\n")).not.toMatch(/another secret|olga/);
  writeFileSync(secretFile, clientSecret);
  await page.goto(`${base}/sign-in`);
  await page.getByRole("link", { name: "Continue with Staff" }).click(); // the provider knows her already
  await expect(page.getByLabel("Signed in as olga")).toBeVisible();
});
