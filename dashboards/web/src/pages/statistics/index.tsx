import { useEffect } from "preact/hooks";
import "uplot/dist/uPlot.min.css";
import { fetchSites, total, wireFilters, wireRange, type Filter, type Query, type Site } from "../../api";
import { FilterChips } from "./filters";
import { day, days } from "../../format";
import { Graph } from "./graph";
import { Figures } from "./figures";
import { Live } from "./live";
import { Devices, Locations, Pages, Sources } from "./panels";
import { defaultPeriod, overlap, periods, rangeOf, today, type Range } from "../../period";
import { PeriodPicker } from "../../picker";
import { Requests } from "./requests";
import { Shell } from "../../shell";
import { ErrorState } from "../../states";
import { periodNames, text } from "../../strings";
import { useKeys, useLoaded, useQuery } from "../../load";
import { countable, isAttribute, useView, withFilter, type Go, type View } from "../../view";

/** What every part of the page asks about. */
export interface Scope {
  site: Site;
  range: Range;
  filters: Filter[];
  /** True when the range has more than one day, so that visitors are sums of days. */
  manyDays: boolean;
  addFilter: (f: Filter) => void;
  /** A question about this site, range and filters. */
  query: (metrics: string[], more?: Partial<Query>) => Query;
}

export default function App() {
  const [view, go] = useView();
  const sites = useLoaded("sites", (_, signal) => fetchSites(signal));
  if (sites.error) return <main class="alone"><ErrorState message={sites.error} retry={sites.retry} /></main>;
  if (!sites.data) return <main class="alone" aria-busy="true"><p class="muted">{text.loading}…</p></main>;
  const known = sites.data.sites;
  // The site of the address, else the first that has data: a new install may know sites that nothing came from yet.
  const site = known.find((s) => s.id === view.site) ?? known.find((s) => s.last) ?? known[0];
  if (!site) {
    return <main class="alone"><h1>{text.noSites}</h1><p class="muted">{text.noSitesHint}</p></main>;
  }
  return <Page key={site.id} sites={known} version={sites.data.version} site={site} view={view} go={go} />;
}

interface PageProps {
  sites: Site[];
  version: string | undefined;
  site: Site;
  view: View;
  go: Go;
}

function Page({ sites, version, site, view, go }: PageProps) {
  const now = today(site.timezone, new Date());
  const data = site.first && site.last ? { from: site.first, to: site.last } : undefined;
  // An imported old log has nothing in the last 28 days, nor has a site that began today. Unless a period was chosen,
  // show what there is.
  const chosen = view.period ?? defaultPeriod;
  const jumped = view.period === null && data !== undefined && !overlap(data, rangeOf(chosen, now));
  const period = jumped ? "all" : chosen;
  const range = rangeOf(period, now, data, view.custom);
  useEffect(() => {
    document.title = `${site.id} · ${text.appName}`;
  }, []);
  const scope = scopeOf(site, range, view.filters, go);

  useKeys((key) => {
    if (key === "Escape" && view.filters.length > 0) go({ filters: [] });
    const p = periods.find((x) => x.key.toLowerCase() === key.toLowerCase());
    if (p) go({ period: p.period, interval: null });
  });

  const possible = countable(view.filters);
  const ask = scope.query(possible);
  const totals = useQuery(ask);
  const metric = possible.includes(view.metric) ? view.metric : "visitors";
  const visitors = total(totals.data, "visitors") ?? undefined;
  const empty = !totals.loading && !totals.error && !visitors && view.filters.length === 0;
  return (
    <Shell
      sites={sites}
      site={site}
      chooseSite={(id) => go({ site: id, filters: [], period: null, interval: null })}
      controls={<PeriodPicker site={site} period={period} range={range} now={now} go={go} />}
    >
      <main class="page">
        <h1 class="hidden">{`${site.id}, ${days(range)}`}</h1>
        <FilterChips filters={view.filters} go={go} />
        {view.filters.some((f) => isAttribute(f.dimension)) && <p class="note" role="status">{text.attributeFilter}</p>}
        {jumped && data && <p class="note" role="status">{text.emptyPeriod(periodNames[chosen] ?? "", day(data.from), day(data.to))}</p>}
        {!data && <p class="note" role="status">{text.noDataYet(site.id)}</p>}
        {empty && !jumped && data && (
          <p class="note" role="status">
            {text.emptyChosen(day(data.from), day(data.to))}{" "}
            <button class="button" onClick={() => go({ period: "all", interval: null })}>{text.showAll}</button>
          </p>
        )}
        <Live site={site} />
        <section class="card" aria-label={text.visitors}>
          <Figures scope={scope} ask={ask} totals={totals} metric={metric} choose={(metric) => go({ metric })} />
          <Graph scope={scope} metric={metric} interval={view.interval} choose={(interval) => go({ interval })} />
        </section>
        <div class="grid">
          <Sources scope={scope} visitors={visitors} />
          <Pages scope={scope} visitors={visitors} />
          <Locations scope={scope} visitors={visitors} />
          <Devices scope={scope} visitors={visitors} />
        </div>
        <Requests scope={scope} />
        <footer class="footnote">
          {text.footnote} <a href="https://db-ip.com" rel="noreferrer">{text.geoCredit}</a>
          {version && `. ${text.appName} ${version}`}
        </footer>
      </main>
    </Shell>
  );
}

function scopeOf(site: Site, range: Range, filters: Filter[], go: Go): Scope {
  return {
    site,
    range,
    filters,
    manyDays: range.from !== range.to,
    addFilter: (f) => go({ filters: withFilter(filters, f) }),
    query: (metrics, more) => ({
      site_id: site.id,
      metrics,
      date_range: wireRange(range),
      ...(filters.length > 0 ? { filters: wireFilters(filters) } : {}),
      ...more,
    }),
  };
}
