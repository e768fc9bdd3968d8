import type { Answer } from "./api";
import { wireRange } from "./api";
import type { Scope } from "./app";
import { brief, days, exact } from "./format";
import { useQuery, type Loaded } from "./load";
import { shift, type Range } from "./period";
import { ErrorState, Hint } from "./states";
import { metricNames, text } from "./strings";
import { graphMetrics } from "./view";

interface Props {
  scope: Scope;
  totals: Loaded<Answer>;
  now: string;
  metric: string;
  choose: (metric: string) => void;
}

/** The six figures over the graph. A click puts one on the graph. */
export function Figures({ scope, totals, metric, choose }: Props) {
  const earlier = shift(scope.range, -1);
  const before = useQuery(scope.query(graphMetrics, { date_range: wireRange(earlier) }));
  if (totals.error) return <ErrorState message={totals.error} retry={totals.retry} />;
  const now = totals.data?.results[0]?.metrics;
  const then = before.loading ? undefined : before.data?.results[0]?.metrics;
  return (
    <ul class={totals.loading ? "figures stale" : "figures"}>
      {graphMetrics.map((name, i) => (
        <li key={name}>
          <button type="button" class="figure" aria-pressed={metric === name} onClick={() => choose(name)}>
            <span class="label">{metricNames[name]}</span>
            <span class="value" title={now && exact(name, now[i] ?? null)}>
              {now ? brief(name, now[i] ?? null) : totals.loading ? <span class="blank" /> : "0"}
            </span>
            <Change metric={name} now={now?.[i]} then={then?.[i]} range={earlier} />
          </button>
          {name === "visitors" && scope.manyDays && <Hint label={text.sumOfDays}>{text.sumOfDaysHint}</Hint>}
        </li>
      ))}
    </ul>
  );
}

interface ChangeProps {
  metric: string;
  now: number | null | undefined;
  then: number | null | undefined;
  range: Range;
}

/** How much more or less than before, in percent; of a rate, the difference of the percentages. */
function Change({ metric, now, then, range }: ChangeProps) {
  if (now == null || then == null || (then === 0 && metric !== "bounce_rate")) {
    return <span class="change" title={text.noChange}>&nbsp;</span>;
  }
  const rate = metric === "bounce_rate";
  const change = Math.round(rate ? now - then : (100 * (now - then)) / then);
  const good = rate ? change < 0 : change > 0;
  const shown = `${change > 0 ? "+" : change < 0 ? "−" : "±"}${Math.abs(change)}${rate ? " pp" : "%"}`;
  const mood = change === 0 ? "same" : good ? "good" : "bad";
  return <span class={`change ${mood}`} title={text.change(`${exact(metric, then)} (${shown})`, days(range))}>{shown}</span>;
}
