// Requests over time by one dimension, with the choice of the interval.
import { useRef } from "preact/hooks";
import type { WireFilter } from "./api";
import { days } from "./format";
import { useQuery } from "./load";
import { intervalsOf, type Interval } from "./period";
import type { SiteScope } from "./sitepage";
import { Stacked, stackOf, type Stack } from "./stacked";
import { EmptyState, ErrorState, Skeleton } from "./states";
import { intervalNames, intervalPlurals, text } from "./strings";

interface Props {
  scope: SiteScope;
  title: string;
  metric: string;
  dimension: string;
  filters?: WireFilter[];
  /** What a value is called. */
  name: (value: string) => string;
  /** What is said when there is nothing. */
  empty: string;
  /** Moments that are marked, as wall-clock times of the site in milliseconds. */
  marks?: number[] | undefined;
  /** False where the store has days only. */
  hours?: boolean;
}

const sizes: Interval[] = ["hour", "day", "week", "month"];

export function Timeline({ scope, title, metric, dimension, filters = [], name, empty, marks, hours = true }: Props) {
  const possible = intervalsOf(scope.range, hours);
  const chosen = scope.view.interval;
  const by = chosen && possible.includes(chosen) ? chosen : (possible[0] ?? "day");
  const answer = useQuery(scope.ask([metric], {
    dimensions: [`time:${by}`, dimension], filters, include: { time_labels: true }, pagination: { limit: 10_000, offset: 0 },
  }));
  // Until the answer is here the last graph stays, with the interval it was drawn for.
  const last = useRef<{ stack: Stack; by: Interval }>(undefined);
  if (answer.data && !answer.loading) last.current = { stack: stackOf(answer.data, name), by };
  return (
    <section class="card graph" aria-label={title}>
      <div class="graph-head">
        <h2><b>{text.graphOf(title, intervalNames[by])}</b>, {days(scope.range)}</h2>
        {possible.length > 1 && (
          <div class="tabs" role="group" aria-label={text.interval}>
            {sizes.filter((i) => possible.includes(i)).map((i) => (
              <button key={i} type="button" aria-pressed={i === by} onClick={() => scope.go({ interval: i })}>{intervalPlurals[i]}</button>
            ))}
          </div>
        )}
      </div>
      {answer.error ? (
        <ErrorState message={answer.error} retry={answer.retry} />
      ) : !last.current ? (
        <Skeleton rows={5} />
      ) : last.current.stack.parts.length === 0 ? (
        <EmptyState>{empty}</EmptyState>
      ) : (
        <Stacked stack={last.current.stack} metric={metric} interval={last.current.by} label={text.graphOf(title, intervalNames[last.current.by])} stale={answer.loading} marks={marks} />
      )}
    </section>
  );
}
