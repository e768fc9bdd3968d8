// A figure by the hour, what there usually is at that hour, and where it was not as usual: of all that alerts of volumes watch.
import { amount, deletedUntil, type WireFilter } from "../../api";
import { days } from "../../format";
import { useQuery } from "../../load";
import { addDays, daysIn } from "../../period";
import type { SiteScope } from "../../sitepage";
import { Stacked } from "../../stacked";
import { EmptyState, ErrorState, Skeleton } from "../../states";
import { wallClock } from "./alerts";
import { seriesTitle, text } from "./strings";
import { daysBefore, usual } from "./usual";

const labelled = (label: string) => Date.parse(label.replace(" ", "T") + "Z");

/** Beyond, hours cannot be told apart. */
const mostDays = 14;

/** What is watched, as alert/volume_ask.go asks for it, by the names of the series. */
const watched: Record<string, { metric: string; filters?: WireFilter[] }> = {
  requests: { metric: "requests" },
  bytes: { metric: "bytes" },
  threats: { metric: "threats" },
  "status:4xx": { metric: "requests", filters: [["matches", "event:status", ["^4"]]] },
  "status:5xx": { metric: "requests", filters: [["matches", "event:status", ["^5"]]] },
  "failed logins": { metric: "requests", filters: [["is", "event:status", ["401", "403"]], ["is", "event:method", ["POST"]]] },
};

interface Props {
  scope: SiteScope;
  /** Moments at which an alert of a series was raised, as wall-clock times of the site in milliseconds. */
  alerts: { series: string; at: number }[];
}

export function Baseline({ scope, alerts }: Props) {
  if (daysIn(scope.range) > mostDays) return null;
  const asked = scope.view.tabs["usual"] ?? "";
  const chosen = asked in watched ? asked : "requests";
  const choose = (series: string) => scope.go({ tabs: { ...scope.view.tabs, usual: series } });
  return (
    <section class="card graph" aria-label={text.asUsual}>
      <div class="graph-head">
        <h2><b>{text.perHour(seriesTitle(chosen))}</b>, {days(scope.range)}</h2>
        <div class="tabs" role="group" aria-label={text.asUsual}>
          {Object.keys(watched).map((s) => (
            <button key={s} type="button" aria-pressed={s === chosen} onClick={() => choose(s)}>{seriesTitle(s)}</button>
          ))}
        </div>
      </div>
      <Series key={chosen} scope={scope} name={chosen} marks={alerts.filter((a) => a.series === chosen).map((a) => a.at)} />
    </section>
  );
}

function Series({ scope, name, marks }: { scope: SiteScope; name: string; marks: number[] }) {
  const { from, to } = scope.range;
  const { metric, filters = [] } = watched[name] ?? { metric: "requests" };
  const hours = { dimensions: ["time:hour"], filters, pagination: { limit: 10_000, offset: 0 } };
  const answer = useQuery(scope.ask([metric], { ...hours, include: { time_labels: true } }));
  const before = useQuery({ ...scope.ask([metric], hours), date_range: [addDays(from, -daysBefore), to] });
  if (answer.error) return <ErrorState message={answer.error} retry={answer.retry} />;
  if (!answer.data) return <Skeleton rows={5} />;
  const figures = byHour(answer.data.results);
  const times = (answer.data.meta.time_labels ?? []).map(labelled);
  const bands = deletedUntil(before.data?.meta) ? [] : usual(times, byHour(before.data?.results ?? []), labelled(`${scope.site.first ?? to} 00:00:00`));
  if (figures.size === 0 && !bands.some((b) => b && b.usual > 0)) return <EmptyState>{text.none}</EmptyState>;
  const values = times.map((t) => figures.get(t) ?? 0);
  const over = wallClock(new Date().toISOString(), scope.site.timezone) - 3_600_000; // an hour that runs is not too little yet
  const unusual = times.filter((t, i) => {
    const band = bands[i];
    return band && ((values[i] ?? 0) > band.high || ((values[i] ?? 0) < band.low && t <= over));
  });
  return (
    <Stacked
      stack={{ times, parts: [{ name: seriesTitle(name), values }] }} metric={metric} interval="hour" label={text.perHour(seriesTitle(name))}
      stale={answer.loading} marks={[...marks, ...unusual]} usual={bands.some(Boolean) ? { name: text.usual, bands } : undefined}
    />
  );
}

const byHour = (rows: { dimensions: string[]; metrics: Parameters<typeof amount>[0][] }[]) =>
  new Map(rows.map((r) => [labelled(r.dimensions[0] ?? ""), amount(r.metrics[0])]));
