import { useEffect, useRef } from "preact/hooks";
import { amount, deletedUntil, wireRange, type Answer, type Value } from "../../api";
import { drawChart, type ChartData } from "../../chart";
import { days, exact, moment } from "../../format";
import { useQuery } from "../../load";
import { addDays, daysIn, intervalsOf, today, type Interval } from "../../period";
import { EmptyState, Failure } from "../../states";
import { intervalNames, intervalPlurals, text } from "../../strings";
import { useDark } from "../../theme";
import { Marks, useAnnotations } from "./annotations";
import { figureName, hasHours } from "./counted";
import { CSVButton } from "./csv";
import { Notes, nothing } from "./notes";
import type { Scope } from "./scope";

interface Props {
  scope: Scope;
  metric: string;
  /** null: the default for the range. */
  interval: Interval | null;
  choose: (interval: Interval) => void;
}

export function Graph({ scope, metric, interval, choose }: Props) {
  const now = today(scope.site.timezone, new Date());
  const possible = intervalsOf(scope.range, hasHours(scope.conditions, scope.range.from, addDays(now, -1)));
  const by = interval && possible.includes(interval) ? interval : (possible[0] ?? "day");
  const { before } = scope;
  const query = scope.query([metric], {
    dimensions: [`time:${by}`],
    include: { time_labels: true, ...(before ? { comparisons: { mode: "custom", date_range: wireRange(before) } } : {}) },
    pagination: { limit: 10_000, offset: 0 },
  });
  const answer = useQuery(query);
  const values = answer.data && series(answer.data, scope.site.timezone, Date.now());
  // Until the answer is here the last graph stays: old values must not stand under a new name.
  const last = useRef<ChartData>(undefined);
  if (values && !answer.loading && !answer.error) {
    last.current = { ...values, metric, interval: by, oneDay: daysIn(scope.range) === 1 };
  }
  const label = text.graphOf(figureName(metric, scope.filters), intervalNames[by]);
  return (
    <div class="graph">
      <div class="graph-head">
        <h2><b>{label}</b>, {days(scope.range)}</h2>
        <Notes meta={answer.data?.meta} />
        {before && values?.before && <span class="legend">{days(before)}</span>}
        {possible.length > 1 && (
          <div class="tabs" role="group" aria-label={text.interval}>
            {[...possible].sort(bySize).map((i) => (
              <button key={i} type="button" aria-pressed={i === by} onClick={() => choose(i)}>{intervalPlurals[i]}</button>
            ))}
          </div>
        )}
        <CSVButton name={label} query={query} />
      </div>
      {answer.error ? (
        <Failure of={answer} />
      ) : values && !answer.loading && (values.x.length === 0 || deletedUntil(answer.data?.meta) && values.y.every((v) => v === null)) ? (
        <EmptyState>{nothing(answer.data?.meta)}</EmptyState>
      ) : (
        <Chart data={last.current} stale={answer.loading} label={label} scope={scope} />
      )}
    </div>
  );
}

const sizes: Interval[] = ["hour", "day", "week", "month"];
const bySize = (a: Interval, b: Interval) => sizes.indexOf(a) - sizes.indexOf(b);

type Points = (number | null)[];

/**
 * The points of an answer over time, up to now, and of what it is compared with. Labels are wall-clock times of the site;
 * they are kept as if they were UTC.
 */
function series(answer: Answer, timezone: string, now: number): { x: number[]; y: Points; before: Points | undefined } {
  const found = new Map(answer.results.map((r) => [r.dimensions[0] ?? "", r]));
  const labels = answer.meta.time_labels ?? [...found.keys()].sort();
  const x = labels.map(wallClock);
  const over = wallClock(`${today(timezone, new Date(now))} ${clock(timezone, now)}`);
  const figure = (v: Value | undefined) => (v == null ? null : amount(v));
  const deleted = deletedUntil(answer.meta) ?? "";
  // What is still to come, or deleted, has no figure, and what was not counted is nought.
  const y = labels.map((l, i) => {
    const v = found.has(l) ? figure(found.get(l)?.metrics[0]) : 0;
    return (x[i] ?? 0) > over || (!v && l.slice(0, 10) <= deleted) ? null : v;
  });
  const before = labels.map((l) => figure(found.get(l)?.comparison?.metrics[0]));
  // A line along the bottom would say nothing.
  return { x, y, before: before.some((v) => v) ? before : undefined };
}

/** The time of a moment in a time zone, as 13:05:00. */
const clock = (timezone: string, at: number) =>
  new Intl.DateTimeFormat("en-GB", { timeZone: timezone, timeStyle: "medium", hourCycle: "h23" }).format(at);

const wallClock = (label: string) => Date.parse(label.slice(0, 19).replace(" ", "T") + (label.length > 10 ? "Z" : "T00:00:00Z"));

interface ChartProps {
  data: ChartData | undefined;
  stale: boolean;
  label: string;
  scope: Scope;
}

function Chart({ data, stale, label, scope }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const dark = useDark();
  const annotations = useAnnotations(scope);
  const key = data && JSON.stringify(data);
  useEffect(() => {
    if (!data || !box.current) return;
    return drawChart(box.current, data);
  }, [key, dark]);
  return (
    <div class="chart-box">
      <div class={stale ? "chart stale" : "chart"} ref={box} role="img" aria-label={data ? `${label}, ${peak(data)}` : text.loading} />
      {data && annotations.length > 0 && <Marks data={data} annotations={annotations} />}
    </div>
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
