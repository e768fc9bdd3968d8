// The last half hour, and what the running hour and the one before it brought.
import { fetchCurrent, fetchQuery, amount, wireFilters, type Answer } from "../../api";
import { exact } from "../../format";
import { List } from "../../list";
import { useLoaded } from "../../load";
import { EmptyState, Failure, Skeleton } from "../../states";
import { metricNames, panelNames, text } from "../../strings";
import { Minutes } from "./live";
import { hasHours } from "./counted";
import type { Scope } from "./scope";

const everyMs = 5_000;
const listMs = 15_000;
const hourMs = 3_600_000;
const rowsShown = 8;

/** The figures of the last five and thirty minutes, as they are known: visitors in memory, requests by the minute. */
async function figures(site: string, signal: AbortSignal): Promise<Record<string, number>> {
  const ask = (metric: string, range: string, dimensions: string[] = []) =>
    fetchQuery(JSON.stringify({ site_id: site, metrics: [metric], date_range: range, dimensions }), signal);
  const [now, half, few, many] = await Promise.all([
    fetchCurrent(site, signal), ask("visitors", "realtime_30m"), ask("requests", "realtime"), ask("requests", "realtime_30m"),
  ]);
  const one = (a: Answer) => amount(a.results[0]?.metrics[0]);
  return { now, half: one(half), few: one(few), many: one(many) };
}

export function Realtime({ scope }: { scope: Scope }) {
  const { site } = scope;
  const answer = useLoaded(site.id, figures, everyMs);
  const f = answer.data;
  const shown: [string, string | undefined, number | undefined][] = [
    ["now", text.visitorsNow, f?.["now"]], ["half", text.visitorsHalf, f?.["half"]],
    ["few", text.requestsNow, f?.["few"]], ["many", text.requestsHalf, f?.["many"]],
  ];
  return (
    <>
      <section class="card" aria-label={text.realtime}>
        {answer.error ? <Failure of={answer} /> : (
          <dl class="figures" style={{ "--count": 4 }}>
            {shown.map(([key, label, value]) => (
              <div key={key} class="figure"><dt class="label">{label}</dt><dd class="value">{value === undefined ? <span class="blank" /> : exact("requests", value)}</dd></div>
            ))}
          </dl>
        )}
        <Minutes site={site} />
      </section>
      <div class="grid three">
        <Lately scope={scope} dimension="event:page" metric="pageviews" title={panelNames.pages} />
        <Lately scope={scope} dimension="visit:source" metric="visitors" title={panelNames.sources} />
        <Lately scope={scope} dimension="visit:country" metric="visitors" title={panelNames.countries} />
      </div>
      <p class="note">{text.realtimeNote}</p>
    </>
  );
}

interface LatelyProps {
  scope: Scope;
  dimension: string;
  metric: string;
  title: string;
}

/** A list since the beginning of the hour before: what is broken down is kept by the hour. */
function Lately({ scope, dimension, metric, title }: LatelyProps) {
  const { site, filters, conditions } = scope;
  const possible = hasHours(conditions, "1", "0"); // these hours are never before yesterday
  const answer = useLoaded(possible ? JSON.stringify([site.id, dimension, filters]) : null, (_, signal) => {
    const now = Date.now();
    const time = (ms: number) => new Date(ms).toISOString().slice(0, 19) + "Z";
    return fetchQuery(JSON.stringify({
      site_id: site.id, metrics: [metric], dimensions: [dimension], filters: wireFilters(filters),
      date_range: [time(Math.floor(now / hourMs) * hourMs - hourMs), time(now)], pagination: { limit: rowsShown, offset: 0 },
    }), signal);
  }, listMs);
  const items = answer.data?.results.map((r) => ({ value: r.dimensions[0] ?? "", figure: amount(r.metrics[0]) })).filter((i) => i.figure > 0);
  return (
    <section class="card panel" aria-label={title} data-panel={`now-${dimension.replace(/.*:/, "")}`}>
      <div class="panel-head"><h2>{title}</h2></div>
      {!possible ? <EmptyState>{text.notByHour}</EmptyState> : answer.error ? <Failure of={answer} /> : !items ? <Skeleton rows={5} /> : items.length === 0 ? (
        <EmptyState>{text.nothingLately}</EmptyState>
      ) : (
        <List dimension={dimension} metric={metric} heading={metricNames[metric] ?? metric} items={items} total={undefined} choose={undefined} />
      )}
    </section>
  );
}
