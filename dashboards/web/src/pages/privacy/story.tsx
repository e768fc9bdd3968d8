// What happens to a visit: a picture of four steps, and five sentences.
import { shortened4, waysOf, type Facts } from "./facts";
import { text } from "./strings";

export function Story({ facts }: { facts: Facts }) {
  const [before, after] = shortened4(facts.ipv4_prefix);
  const t = text.story;
  const page = t.page.split(" ")[1] ?? "";
  return (
    <section class="card story" aria-label={t.label}>
      <ol class="steps" aria-hidden="true">
        <Step title={t.asked} icon="M3 5h18v14H3zM3 9h18M6 7h.01M8.5 7h.01"><code>{before}</code><code>{t.page}</code></Step>
        <Step title={t.shortened} icon="M6 6l12 12M18 6 6 18M6 6a2 2 0 1 0-.01 0M6 18a2 2 0 1 0 .01 0"><code><s>{before}</s></code><code>{after}</code></Step>
        <Step title={t.counted} icon="M7 7h10v10H7zM10 3v4M14 3v4M10 17v4M14 17v4M3 10h4M3 14h4M17 10h4M17 14h4"><code class="dots">••••••</code><small>{t.forgotten}</small></Step>
        <Step title={t.stored} icon="M5 20V12M12 20V4M19 20V9"><code>{t.sum(page)}</code></Step>
      </ol>
      <ol class="sentences">
        {text.sentences(teller(facts), before, after, facts.crowd, kept(facts)).map((s, i) => <li key={i}><p>{s}</p></li>)}
      </ol>
    </section>
  );
}

function Step({ title, icon, children }: { title: string; icon: string; children: preact.ComponentChildren }) {
  return (
    <li>
      <svg width="26" height="26" viewBox="0 0 24 24"><path d={icon} /></svg>
      <b>{title}</b>
      {children}
    </li>
  );
}

/** What tells Klar of a page view. */
function teller(facts: Facts): string {
  const ways = waysOf(facts.site);
  const used = (["log", "script", "pixel", "server"] as const).filter((w) => ways[w]).map((w) => text.ways[w]);
  return used.length > 0 ? used.join(text.ways.or) : text.ways.any;
}

/** For how long sums are kept. */
export function kept({ site }: Facts): string {
  if (!site) return text.keptBySite;
  if (site.retention_months > 0) return text.keptFor(text.months(site.retention_months));
  return site.retention_days > 0 ? text.keptFor(text.days(site.retention_days)) : text.keptUntil;
}
