import { total, wireRange, type Answer, type Query } from "../../api";
import type { Scope } from ".";
import { brief, days, exact, percent } from "../../format";
import { useQuery, type Loaded } from "../../load";
import { sameHours, shift, today } from "../../period";
import { ErrorState, Hint } from "../../states";
import { metricNames, text } from "../../strings";
import { graphMetrics } from "../../view";

interface Props {
  scope: Scope;
  /** What totals answers. */
  ask: Query;
  totals: Loaded<Answer>;
  metric: string;
  choose: (metric: string) => void;
}

/** The six figures over the graph. A click puts one on the graph. */
export function Figures({ scope, ask, totals, metric, choose }: Props) {
  const earlier = shift(scope.range, -1);
  // Today is not over: it is compared with the hours of yesterday that have passed today.
  const now = new Date();
  const running = scope.range.from === scope.range.to && scope.range.to === today(scope.site.timezone, now);
  const before = useQuery({ ...ask, date_range: running ? sameHours(scope.site.timezone, now) : wireRange(earlier) });
  if (totals.error) return <ErrorState message={totals.error} retry={totals.retry} />;
  const then = before.loading ? undefined : before.data;
  return (
    <ul class={totals.loading ? "figures stale" : "figures"}>
      {graphMetrics.map((name) => {
        const now = total(totals.data, name);
        const counted = ask.metrics.includes(name);
        return (
          <li key={name}>
            <button
              type="button"
              class="figure"
              aria-pressed={metric === name}
              disabled={!counted}
              title={counted ? undefined : text.notOfAPage}
              onClick={() => choose(name)}
            >
              <span class="label">{metricNames[name]}</span>
              <span class="value" title={now === undefined ? undefined : exact(name, now)}>
                {now !== undefined || !counted ? brief(name, now ?? null) : totals.loading ? <span class="blank" /> : "0"}
              </span>
              <Change metric={name} now={now} then={total(then, name)} against={running ? text.sameHours(days(earlier)) : days(earlier)} />
            </button>
            {name === "visitors" && scope.manyDays && <Hint label={text.sumOfDays}>{text.sumOfDaysHint}</Hint>}
          </li>
        );
      })}
    </ul>
  );
}

interface ChangeProps {
  metric: string;
  now: number | null | undefined;
  then: number | null | undefined;
  against: string;
}

/** How much more or less than before, in percent; of a rate, the difference of the percentages. */
function Change({ metric, now, then, against }: ChangeProps) {
  if (now == null || then == null || (then === 0 && metric !== "bounce_rate")) {
    return <span class="change" title={text.noChange}>&nbsp;</span>;
  }
  const rate = metric === "bounce_rate";
  const change = Math.round(rate ? now - then : (100 * (now - then)) / then);
  const good = rate ? change < 0 : change > 0;
  const shown = `${change > 0 ? "+" : change < 0 ? "−" : "±"}${rate ? `${exact("visitors", Math.abs(change))} ${text.points}` : percent(Math.abs(change))}`;
  const mood = change === 0 ? "same" : good ? "good" : "bad";
  return <span class={`change ${mood}`} title={text.change(`${exact(metric, then)} (${shown})`, against)}>{shown}</span>;
}
