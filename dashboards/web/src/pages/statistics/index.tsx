import { useEffect, useState } from "preact/hooks";
import "uplot/dist/uPlot.min.css";
import "./statistics.css";
import { fetchSites, total, type Site } from "../../api";
import { day, days } from "../../format";
import { useKeys, useLoaded, useQuery } from "../../load";
import { NoDataYet } from "../../nodata";
import { defaultPeriod, overlap, periods, present, rangeOf, today, type Compare, type Range } from "../../period";
import { PeriodPicker } from "../../picker";
import { useRegions } from "../../regions";
import { Shell } from "../../shell";
import { ErrorState, NoSites } from "../../states";
import { compareNames, periodNames, text } from "../../strings";
import { useView, type Go, type View } from "../../view";
import { Behaviour } from "./behaviour";
import { contrary, figuresOf, isAttribute } from "./counted";
import { comparedWith, Figures } from "./figures";
import { FilterChips, type Editing } from "./filters";
import { Graph } from "./graph";
import { Live } from "./live";
import { Devices, Locations, Pages, Sources } from "./panels";
import { Realtime } from "./realtime";
import { Requests } from "./requests";
import { scopeOf, type Scope } from "./scope";

const choices = [present, ...periods];

export default function App() {
  const [view, go] = useView();
  const sites = useLoaded("sites", (_, signal) => fetchSites(signal));
  if (sites.error) return <main class="alone"><ErrorState message={sites.error} retry={sites.retry} /></main>;
  if (!sites.data) return <main class="alone" aria-busy="true"><p class="muted">{text.loading}…</p></main>;
  const known = sites.data.sites;
  // The site of the address, else the first that has data: a new install may know sites that nothing came from yet.
  const site = known.find((s) => s.id === view.site) ?? known.find((s) => s.last) ?? known[0];
  if (!site) {
    return <NoSites />;
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
  const [editing, edit] = useState<Editing>(null);
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
  const scope = scopeOf(site, range, view, go);
  useRegions(view.tabs["locations"] === "regions" || scope.conditions.some((f) => f.dimension === "visit:region"));

  useKeys((key) => {
    if (key === "Escape" && view.filters.length > 0) go({ filters: [] });
    if (key.toLowerCase() === "x") go({ compare: view.compare === "none" ? "previous" : "none" });
    const p = choices.find((x) => x.key.toLowerCase() === key.toLowerCase());
    if (p) go({ period: p.period, interval: null });
  });

  return (
    <Shell
      sites={sites}
      site={site}
      chooseSite={(id) => go({ site: id, filters: [], period: null, interval: null, tabs: {}, details: null })}
      controls={<PeriodPicker site={site} period={period} range={range} now={now} go={go} choices={choices} />}
    >
      <main class="page">
        <h1 class="hidden">{`${site.id}, ${period === "realtime" ? periodNames[period] : days(range)}`}</h1>
        <div class="toolbar">
          <FilterChips scope={scope} editing={editing} edit={edit} />
          {period !== "realtime" && <CompareChoice view={view} go={go} />}
        </div>
        {scope.conditions.some((f) => isAttribute(f.dimension)) && <p class="note" role="status">{text.attributeFilter}</p>}
        {jumped && data && <p class="note" role="status">{text.emptyPeriod(periodNames[chosen] ?? "", day(data.from), day(data.to))}</p>}
        {!data && <NoDataYet site={site} />}
        {period === "realtime" ? <Realtime scope={scope} /> : <Report scope={scope} data={jumped ? undefined : data} />}
        <footer class="footnote">
          {text.footnote} <a href="https://db-ip.com" rel="noreferrer">{text.geoCredit}</a>
          {version && `. ${text.appName} ${version}`}
        </footer>
      </main>
    </Shell>
  );
}

/** Everything of a period. data is what is pointed to where the period is empty. */
function Report({ scope, data }: { scope: Scope; data: Range | undefined }) {
  const { site, view, go, filters, conditions } = scope;
  const against = comparedWith(scope, new Date());
  const metrics = figuresOf(conditions, site);
  const ask = scope.query(metrics, against ? { include: { comparisons: { mode: "custom", date_range: against.ends } } } : {});
  const reason = contrary(conditions);
  const totals = useQuery(reason ? null : ask);
  const metric = metrics.includes(view.metric) ? view.metric : "visitors";
  const figure = total(totals.data, "visitors");
  const visitors = typeof figure === "number" ? figure : undefined;
  const empty = !totals.loading && !totals.error && !visitors && filters.length === 0;
  if (reason) return <p class="note" role="status">{reason}</p>;
  return (
    <>
      {empty && data && (
        <p class="note" role="status">
          {text.emptyChosen(day(data.from), day(data.to))}{" "}
          <button class="button" onClick={() => go({ period: "all", interval: null })}>{text.showAll}</button>
        </p>
      )}
      <Live site={site} />
      <section class="card" aria-label={text.visitors}>
        <Figures scope={scope} metrics={metrics} totals={totals} against={against?.name} metric={metric} choose={(metric) => go({ metric })} />
        <Graph scope={scope} metric={metric} interval={view.interval} choose={(interval) => go({ interval })} />
      </section>
      <div class="grid">
        <Sources scope={scope} visitors={visitors} />
        <Pages scope={scope} visitors={visitors} />
        <Locations scope={scope} visitors={visitors} />
        <Devices scope={scope} visitors={visitors} />
      </div>
      <Behaviour scope={scope} />
      <Requests scope={scope} />
    </>
  );
}

function CompareChoice({ view, go }: { view: View; go: Go }) {
  return (
    <label class="compare">
      <span>{text.compare}</span>
      <select class="control" title="X" value={view.compare} onChange={(e) => go({ compare: e.currentTarget.value as Compare })}>
        {Object.entries(compareNames).map(([id, name]) => <option key={id} value={id}>{name}</option>)}
      </select>
    </label>
  );
}
