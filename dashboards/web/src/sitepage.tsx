// A page about one site and one period: both chosen in the header and kept in the address, as on the statistics page.
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { fetchSites, wireRange, type Query, type Site } from "./api";
import { day } from "./format";
import { NoDataYet } from "./nodata";
import { useKeys, useLoaded } from "./load";
import { defaultPeriod, overlap, periods, rangeOf, today, type Range } from "./period";
import { PeriodPicker } from "./picker";
import { Shell } from "./shell";
import { ErrorState, NoSites } from "./states";
import { periodNames, text } from "./strings";
import { useView, type Go, type View } from "./view";

/** What the parts of such a page ask about. */
export interface SiteScope {
  site: Site;
  range: Range;
  view: View;
  go: Go;
  /** A question about the site and the period. */
  ask: (metrics: string[], more?: Partial<Query>) => Query;
}

interface Props {
  title: string;
  children: (scope: SiteScope) => ComponentChildren;
}

export function SitePage({ title, children }: Props) {
  const [view, go] = useView();
  const sites = useLoaded("sites", (_, signal) => fetchSites(signal));
  if (sites.error) return <main class="alone"><ErrorState message={sites.error} retry={sites.retry} /></main>;
  if (!sites.data) return <main class="alone" aria-busy="true"><p class="muted">{text.loading}…</p></main>;
  const known = sites.data.sites;
  const site = known.find((s) => s.id === view.site) ?? known.find((s) => s.last) ?? known[0];
  if (!site) return <NoSites />;
  return <Page key={site.id} title={title} sites={known} site={site} view={view} go={go}>{children}</Page>;
}

interface PageProps extends Props {
  sites: Site[];
  site: Site;
  view: View;
  go: Go;
}

function Page({ title, sites, site, view, go, children }: PageProps) {
  const now = today(site.timezone, new Date());
  const data = site.first && site.last ? { from: site.first, to: site.last } : undefined;
  const chosen = view.period ?? defaultPeriod;
  // As on the statistics page: an old log that was imported is shown rather than nothing.
  const jumped = view.period === null && data !== undefined && !overlap(data, rangeOf(chosen, now));
  const period = jumped ? "all" : chosen;
  // Beyond the last day that has figures there is nothing to draw.
  const range = jumped && data ? data : rangeOf(period, now, data, view.custom);
  useEffect(() => {
    document.title = `${title} · ${site.id} · ${text.appName}`;
  }, []);
  useKeys((key) => {
    if (key === "Escape" && view.filters.length > 0) go({ filters: [] });
    const p = periods.find((x) => x.key.toLowerCase() === key.toLowerCase());
    if (p) go({ period: p.period, interval: null });
  });
  const ask = (metrics: string[], more?: Partial<Query>): Query => ({ site_id: site.id, metrics, date_range: wireRange(range), ...more });
  return (
    <Shell
      sites={sites}
      site={site}
      chooseSite={(id) => go({ site: id, filters: [], period: null, interval: null })}
      controls={<PeriodPicker site={site} period={period} range={range} now={now} go={go} />}
    >
      <main class="page">
        <h1 class="hidden">{`${title}, ${site.id}`}</h1>
        {jumped && data && <p class="note" role="status">{text.emptyPeriod(periodNames[chosen] ?? "", day(data.from), day(data.to))}</p>}
        {!data && <NoDataYet site={site} />}
        {children({ site, range, view, go, ask })}
      </main>
    </Shell>
  );
}
