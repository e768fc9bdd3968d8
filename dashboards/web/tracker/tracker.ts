// The tracker: it tells Klar of page views and events. It sets no cookie and stores nothing; it reads one flag that a visitor
// may set, localStorage.klar_ignore = "true". Beside it stand the parts that may be added. Every byte counts: the test holds it under 1,000 bytes gzipped.
//
//   <script defer data-domain="example.org" src="https://stats.example.org/js/script.js"></script>
//
// data-api       where to send to; else /api/event beside the script
// data-hash      the page is told by the fragment
// data-include, data-exclude   paths that are, or are not, counted: comma-separated, * is any text
// The script's address may hold ?domain= for where data-domain is dropped.

type Options = { props?: unknown; revenue?: unknown; interactive?: boolean; u?: string; callback?: (answer?: unknown) => void };
type Track = ((name: string, options?: Options) => void) & { q?: ArrayLike<unknown>[] };

interface Window {
  klar?: Track;
  plausible?: Track;
  klar_loaded?: boolean;
}

(() => {
  const script = document.currentScript as HTMLScriptElement;
  const data = script.dataset;
  const source = new URL(script.src);
  const domain = data["domain"] || source.searchParams.get("domain") || location.hostname;
  const api = data["api"] || source.origin + "/api/event";
  const hash = "hash" in data;
  let last: string | undefined;
  let page = ""; // the address of the page that is being read, empty if it is not counted
  let depth = 0; // how far it was scrolled, in percent
  let seen = 0; // for how long it was visible, in milliseconds, until the moment since; 0 while it is hidden
  let since = 0;

  const matches = (patterns: string): boolean =>
    patterns.split(",").some((p) => new RegExp("^" + p.trim().replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*+/g, ".*") + "$").test(location.pathname));
  const skipped = (): boolean => !!((data["include"] && !matches(data["include"])) || (data["exclude"] && matches(data["exclude"])));

  const send = (name: string, { props, revenue, interactive, u, callback }: Options, sd?: number, e?: number): void => {
    try {
      if (localStorage.getItem("klar_ignore") === "true") return;
    } catch {
      // a page that may not read it was not told to be ignored
    }
    const body = JSON.stringify({
      n: name, u: u || location.href, d: domain, r: document.referrer || null, p: props, $: revenue, i: interactive, h: hash ? 1 : undefined, w: innerWidth, sd, e,
    });
    if (callback || !navigator.sendBeacon?.(api, body)) {
      fetch(api, { method: "POST", headers: { "Content-Type": "text/plain" }, body, keepalive: true }).then(callback, callback);
    }
  };

  const track: Track = (name, options = {}) => {
    if (!skipped()) send(name, options);
  };

  const clock = (): void => {
    const now = performance.now();
    if (since) seen += now - since;
    since = document.hidden ? 0 : now;
  };

  const scrolled = (): void => {
    depth = Math.max(depth, Math.min(100, Math.round(((scrollY + innerHeight) / document.documentElement.scrollHeight) * 100)));
  };

  // What was read since the last time it was told.
  const engaged = (): void => {
    clock();
    if (page && seen >= 1000) send("engagement", { u: page }, depth, Math.round(seen));
    seen = 0;
  };

  const view = (): void => {
    const now = hash ? location.href : location.pathname;
    if (now === last) return;
    engaged();
    last = now;
    depth = 0;
    page = skipped() ? "" : location.href;
    track("pageview");
    scrolled();
  };

  if (window.klar_loaded) return;
  window.klar_loaded = true;
  const waiting = (window.klar || window.plausible)?.q || [];
  window.klar = window.plausible = track;
  for (const call of Array.from(waiting)) track(...(Array.from(call) as Parameters<Track>));

  const push = history.pushState;
  history.pushState = function (...args) {
    push.apply(this, args);
    view();
  };
  addEventListener("popstate", view);
  if (hash) addEventListener("hashchange", view);
  addEventListener("scroll", scrolled, { passive: true });
  document.addEventListener("visibilitychange", () => (document.hidden ? engaged() : clock()));
  addEventListener("pageshow", (e) => {
    if (!e.persisted) return; // shown again from the browser's memory: a view of its own
    last = undefined;
    view();
  });
  if ((document as { prerendering?: boolean }).prerendering) document.addEventListener("prerenderingchange", view, { once: true });
  else view();
})();
