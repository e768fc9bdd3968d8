// A server with made-up answers in the shape of the Stats API, to work on the page without an engine. The figures
// are functions of the question, so that another period or filter gives other figures. Run: node e2e/stub.mjs [port]
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, join, normalize } from "node:path";

const dist = new URL("../dist/", import.meta.url).pathname;
const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml" };
const csp =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const dayMs = 86_400_000;
const day = (ms) => new Date(ms).toISOString().slice(0, 10);
const sites = [
  { id: "example.org", timezone: "Europe/Berlin", first: "2015-05-17", last: "2015-05-20" },
  { id: "shop.example.net", timezone: "UTC", first: day(Date.now() - 400 * dayMs), last: day(Date.now()) },
  { id: "new.example.com", timezone: "UTC", first: null, last: null },
];

const values = {
  "visit:source": { "Direct / None": 610, Google: 421, "semicomplete.com": 164, Bing: 51, Reddit: 37, "Hacker News": 29, GitHub: 22, DuckDuckGo: 17, "stackoverflow.com": 9, Twitter: 8, Yahoo: 6 },
  "visit:channel": { Direct: 610, "Organic Search": 495, Referral: 195, "Organic Social": 74 },
  "visit:utm_campaign": { "(not set)": 1300, spring_sale: 45, newsletter_may: 28 },
  "event:page": Object.fromEntries(["/", "/projects/xdotool/", "/blog/tags/puppet", "/articles/dynamic-dns-with-dhcp/", "/blog/geekery/ssl-latency.html", "/articles/ssh-security/", "/projects/fex/", "/presentations/logstash-puppetconf-2012/a-very-long-path-that-does-not-fit-into-any-row/index.html", "/about", "/contact", ...Array.from({ length: 150 }, (_, i) => `/archive/${2000 + i}`)].map((p, i) => [p, Math.ceil(420 / (i + 1.3))])),
  "visit:entry_page": { "/": 381, "/projects/xdotool/": 212, "/blog/tags/puppet": 87, "/about": 11 },
  "visit:country": { US: 512, DE: 214, FR: 98, GB: 87, IN: 71, CA: 52, BR: 44, NL: 38, JP: 31, SE: 22, PL: 19, "(not set)": 12 },
  "visit:provider": { "Deutsche Telekom AG": 132, "Comcast Cable": 121, "Orange S.A.": 64, "Vodafone": 31 },
  "visit:browser": { Chrome: 672, Firefox: 398, Safari: 141, "Internet Explorer": 77, Opera: 41, "Samsung Internet": 8 },
  "visit:browser_version": { "42.0": 401, "41.0": 122, "(small groups)": 74, "40.0": 32 },
  "visit:os": { Windows: 591, macOS: 288, Linux: 261, Android: 101, iOS: 92 },
  "visit:os_version": { 7: 321, "8.1": 144, "(small groups)": 51 },
  "visit:device": { Desktop: 1140, Mobile: 161, Tablet: 36 },
  "event:bot": { Googlebot: 812, bingbot: 423, Feedly: 291, "Yandex Bot": 140, Baiduspider: 77, AhrefsBot: 31 },
  "event:status": { 200: 9126, 304: 445, 404: 213, 301: 164, 206: 45, 500: 3 },
};
const scale = { visitors: 1, visits: 1.12, pageviews: 2.4, requests: 6, bytes: 1_650_000, errors: 0.14, bots: 1.3, events: 2.4 };

/** A figure between 0.4 and 1.6 that hangs on the key alone. */
const wave = (key) => {
  let h = 2166136261;
  for (const c of key) h = Math.imul(h ^ c.charCodeAt(0), 16777619);
  return 0.4 + ((h >>> 8) % 1000) / 833;
};

function total(q, metric, from, to, key = "") {
  const site = sites.find((s) => s.id === q.site_id);
  let sum = 0;
  for (let t = Date.parse(from); t <= Date.parse(to); t += dayMs) {
    if (site?.first && day(t) >= site.first && day(t) <= site.last) sum += 340 * wave(day(t) + key);
  }
  for (const f of q.filters ?? []) sum *= 0.3 * wave(JSON.stringify(f));
  if (metric === "bounce_rate") return sum ? Math.round(40 * wave(from + metric)) : null;
  if (metric === "visit_duration") return sum ? Math.round(150 * wave(from + metric)) : null;
  if (metric === "views_per_visit") return sum ? +(2.1 * wave(from)).toFixed(2) : null;
  return Math.round(sum * (scale[metric] ?? 1));
}

function times(q, unit) {
  const [from, to] = q.date_range;
  const labels = [];
  if (unit === "month") {
    for (let d = from.slice(0, 7); d <= to.slice(0, 7); ) {
      labels.push(`${d}-01`);
      const next = new Date(Date.UTC(+d.slice(0, 4), +d.slice(5), 1));
      d = next.toISOString().slice(0, 7);
    }
    return labels;
  }
  const step = { hour: dayMs / 24, day: dayMs, week: 7 * dayMs }[unit];
  for (let t = Date.parse(from); t < Date.parse(to) + dayMs; t += step) {
    labels.push(unit === "hour" ? new Date(t).toISOString().slice(0, 19).replace("T", " ") : day(t));
  }
  return labels;
}

function answer(q) {
  if (q.site_id === "broken") throw new Error("site_id: no such site");
  const [from, to] = q.date_range;
  const page = q.filters?.some((f) => f[1] === "event:page") || q.dimensions?.includes("event:page");
  if (page && q.metrics.includes("views_per_visit")) throw new Error("metrics: views_per_visit is a figure of whole visits");
  const dimension = q.dimensions?.[0];
  if (!dimension) return { results: [{ dimensions: [], metrics: q.metrics.map((m) => total(q, m, from, to)) }], meta: {}, query: q };
  if (dimension.startsWith("time:")) {
    const unit = dimension.slice(5);
    const labels = times(q, unit);
    const span = { hour: 0, day: 0, week: 6, month: 29 }[unit];
    const results = labels.map((l) => {
      const d = l.slice(0, 10);
      const hour = unit === "hour" ? (1 + Math.sin(((+l.slice(11, 13) - 9) * Math.PI) / 12)) / 20 + 0.006 : 1;
      const rate = /rate|duration|per/.test(q.metrics[0]);
      const v = total(q, q.metrics[0], d, day(Date.parse(d) + span * dayMs), unit === "hour" ? l : "");
      return { dimensions: [l], metrics: [v === null || rate ? v : Math.round(v * hour)] };
    });
    return { results, meta: { time_labels: labels }, query: q };
  }
  const search = q.filters?.find((f) => f[0] === "contains" && f[1] === dimension)?.[2][0].toLowerCase();
  const rows = Object.entries(values[dimension] ?? {}).filter(([v]) => !search || v.toLowerCase().includes(search));
  const all = Object.values(values[dimension] ?? {}).reduce((a, b) => a + b, 0);
  const sum = total({ ...q, filters: q.filters?.filter((f) => f[1] !== "event:status" && f[0] !== "contains") }, q.metrics[0], from, to);
  const only = q.filters?.find((f) => f[0] === "is" && f[1] === dimension)?.[2];
  const results = rows
    .filter(([v]) => !only || only.includes(v))
    .map(([v, n]) => ({ dimensions: [v], metrics: [Math.round((sum * n) / all)] }))
    .filter((r) => r.metrics[0] > 0)
    .sort((a, b) => b.metrics[0] - a.metrics[0])
    .slice(0, q.pagination?.limit ?? 10_000);
  return { results, meta: {}, query: q };
}

async function serve(request, response) {
  const send = (status, type, body) => {
    response.writeHead(status, { "content-type": type, "content-security-policy": csp, "x-content-type-options": "nosniff" });
    response.end(body);
  };
  const path = new URL(request.url, "http://localhost").pathname;
  if (path === "/api/sites") return send(200, "application/json", JSON.stringify({ sites }));
  if (path === "/api/v2/query") {
    let body = "";
    for await (const chunk of request) body += chunk;
    try {
      return send(200, "application/json", JSON.stringify(answer(JSON.parse(body))));
    } catch (e) {
      return send(400, "application/json", JSON.stringify({ error: e.message }));
    }
  }
  const file = join(dist, normalize(path === "/" ? "/index.html" : path));
  try {
    send(200, types[extname(file)] ?? "application/octet-stream", await readFile(file));
  } catch {
    send(404, "text/plain", "not found");
  }
}

const port = +(process.argv[2] ?? 4173);
createServer(serve).listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${port}`));
