import { useEffect, useRef } from "preact/hooks";
import { wireRange, type Answer } from "../../api";
import type { Scope } from ".";
import { drawChart, type ChartData } from "../../chart";
import { days, exact, moment } from "../../format";
import { useQuery } from "../../load";
import { addDays, daysIn, intervalsOf, shift, today, type Interval } from "../../period";
import { EmptyState, ErrorState } from "../../states";
import { intervalNames, intervalPlurals, metricNames, text } from "../../strings";
import { useDark } from "../../theme";

interface Props {
  scope: Scope;
  metric: string;
  /** null: the default for the range. */
  interval: Interval | null;
  choose: (interval: Interval) => void;
}

export function Graph({ scope, metric, interval, choose }: Props) {
  // What is filtered is kept by the hour for today and yesterday only.
  const yesterday = addDays(today(scope.site.timezone, new Date()), -1);
  const possible = intervalsOf(scope.range, scope.filters.length === 0 || scope.range.from >= yesterday);
  const by = interval && possible.includes(interval) ? interval : (possible[0] ?? "day");
  const ask = { dimensions: [`time:${by}`], include: { time_labels: true }, pagination: { limit: 10_000, offset: 0 } };
  const now = useQuery(scope.query([metric], ask));
  const before = useQuery(scope.query([metric], { ...ask, date_range: wireRange(shift(scope.range, -1)) }));
  const values = now.data && series(now.data, scope.site.timezone, Date.now());
  const then = before.data && !before.loading ? series(before.data).y : undefined;
  // A line along the bottom would say nothing.
  const earlier = then?.some((v) => v) ? then : undefined;
  // Until the answer is here the last graph stays: old values must not stand under a new name.
  const last = useRef<ChartData>(undefined);
  if (values && !now.loading) {
    last.current = { ...values, before: earlier, metric, interval: by, oneDay: daysIn(scope.range) === 1 };
  }
  const name = metricNames[metric] ?? metric;
  const label = text.graphOf(name, intervalNames[by]);
  return (
    <div class="graph">
      <div class="graph-head">
        <h2><b>{label}</b>, {days(scope.range)}</h2>
        {earlier && <span class="legend">{days(shift(scope.range, -1))}</span>}
        {possible.length > 1 && (
          <div class="tabs" role="group" aria-label={text.interval}>
            {[...possible].sort(bySize).map((i) => (
              <button key={i} type="button" aria-pressed={i === by} onClick={() => choose(i)}>{intervalPlurals[i]}</button>
            ))}
          </div>
        )}
      </div>
      {now.error ? (
        <ErrorState message={now.error} retry={now.retry} />
      ) : values && values.x.length === 0 && !now.loading ? (
        <EmptyState>{text.noData}</EmptyState>
      ) : (
        <Chart data={last.current} stale={now.loading} label={label} />
      )}
    </div>
  );
}

const sizes: Interval[] = ["hour", "day", "week", "month"];
const bySize = (a: Interval, b: Interval) => sizes.indexOf(a) - sizes.indexOf(b);

/** The points of an answer over time, up to now. Labels are wall-clock times of the site; they are kept as if they were UTC. */
function series(answer: Answer, timezone = "UTC", now = Infinity): { x: number[]; y: (number | null)[] } {
  const found = new Map(answer.results.map((r) => [r.dimensions[0] ?? "", r.metrics[0] ?? null]));
  const labels = answer.meta.time_labels ?? [...found.keys()].sort();
  const x = labels.map(wallClock);
  const over = now === Infinity ? now : wallClock(`${today(timezone, new Date(now))} ${clock(timezone, now)}`);
  // What is still to come has no figure, and what was not counted is nought.
  return { x, y: labels.map((l, i) => found.get(l) ?? (found.has(l) || (x[i] ?? 0) > over ? null : 0)) };
}

/** The time of a moment in a time zone, as 13:05:00. */
const clock = (timezone: string, at: number) =>
  new Intl.DateTimeFormat("en-GB", { timeZone: timezone, timeStyle: "medium", hourCycle: "h23" }).format(at);


const wallClock = (label: string) => Date.parse(label.slice(0, 19).replace(" ", "T") + (label.length > 10 ? "Z" : "T00:00:00Z"));

function Chart({ data, stale, label }: { data: ChartData | undefined; stale: boolean; label: string }) {
  const box = useRef<HTMLDivElement>(null);
  const dark = useDark();
  const key = data && JSON.stringify(data);
  useEffect(() => {
    if (!data || !box.current) return;
    return drawChart(box.current, data);
  }, [key, dark]);
  return (
    <div class={stale ? "chart stale" : "chart"} ref={box} role="img" aria-label={data ? `${label}, ${peak(data)}` : text.loading} />
  );
}

/** The highest point in words, for those who do not see the graph. */
function peak({ x, y, metric, interval }: ChartData): string {
  let top = 0;
  y.forEach((v, i) => {
    if ((v ?? 0) > (y[top] ?? 0)) top = i;
  });
  return text.graphPeak(exact(metric, y[top] ?? 0), moment(x[top] ?? 0, interval));
}
