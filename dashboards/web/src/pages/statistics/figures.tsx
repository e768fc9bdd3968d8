// The figures over the graph, each with its change. A click puts one on the graph.
import { amount, total, wireRange, type Answer, type Value } from "../../api";
import { brief, days, exact, percent } from "../../format";
import type { Loaded } from "../../load";
import { addDays, sameHours, today } from "../../period";
import { Failure, Hint } from "../../states";
import { text } from "../../strings";
import { figureName, hasHours } from "./counted";
import { kindOf, notesOf } from "./notes";
import type { Scope } from "./scope";

/** The two ends of what the figures are compared with, undefined for nothing, and how to say it. */
export function comparedWith({ site, range, conditions, before }: Scope, now: Date): { ends: [string, string]; name: string } | undefined {
  if (!before) return undefined;
  // Today is not over: it is compared with the hours of the other day that have passed today, where these are known.
  const day = today(site.timezone, now);
  const running = range.from === day && range.to === day && hasHours(conditions, before.from, addDays(day, -1));
  return running
    ? { ends: sameHours(site.timezone, now, before.from), name: text.sameHours(days(before)) }
    : { ends: wireRange(before), name: days(before) };
}

interface Props {
  scope: Scope;
  /** The metrics that totals answers. */
  metrics: string[];
  totals: Loaded<Answer>;
  /** What the figures are compared with, in words. */
  against: string | undefined;
  metric: string;
  choose: (metric: string) => void;
}

export function Figures({ scope, metrics, totals, against, metric, choose }: Props) {
  if (totals.error) return <Failure of={totals} />;
  const same = total(totals.data, "events") === total(totals.data, "pageviews");
  // Where nothing but page views happens, events say nothing more.
  const shown = metrics.filter((m) => m !== "events" || (metric === m || (totals.data && !same)));
  return (
    <ul class={totals.loading ? "figures stale" : "figures"} style={{ "--count": shown.length }}>
      {shown.map((name) => {
        const now = total(totals.data, name);
        return (
          <li key={name}>
            <button type="button" class="figure" aria-pressed={metric === name} onClick={() => choose(name)}>
              <span class="label">{figureName(name, scope.filters)}</span>
              <span class="value" title={now === undefined ? undefined : exact(name, now)}>
                {now !== undefined ? brief(name, now) : totals.loading ? <span class="blank" /> : "0"}
              </span>
              {against && <Change metric={name} {...changeOf(totals.data, name)} against={against} />}
            </button>
            <Reservations of={name} scope={scope} answer={totals.data} />
          </li>
        );
      })}
    </ul>
  );
}

/** What is to be known of a figure: that it is a sum of days, or why it is not what its name says. */
function Reservations({ of, scope, answer }: { of: string; scope: Scope; answer: Answer | undefined }) {
  const days = of === "visitors" && scope.manyDays ? [text.sumOfDaysHint] : [];
  const notes = [...days, ...notesOf(answer?.meta, of)];
  if (notes.length === 0) return null;
  return <Hint label={days.length > 0 ? text.sumOfDays : kindOf(answer?.meta)}>{notes.join(" ")}</Hint>;
}

function changeOf(answer: Answer | undefined, metric: string): { then: Value | undefined; change: number | null | undefined } {
  const i = answer?.query.metrics.indexOf(metric) ?? -1;
  const compared = answer?.results[0]?.comparison;
  return { then: compared?.metrics[i], change: compared?.change[i] };
}

/** Figures of which less is better. */
const lowered = new Set(["bounce_rate", "exit_rate"]);

interface ChangeProps {
  metric: string;
  then: Value | undefined;
  change: number | null | undefined;
  against: string;
}

/** How much more or less than before, in percent; of a bounce rate, the difference of the percentages. */
function Change({ metric, then, change, against }: ChangeProps) {
  const points = metric === "bounce_rate";
  if (then == null || change == null || (amount(then) === 0 && !points)) {
    return <span class="change" title={text.noChange}>&nbsp;</span>;
  }
  const rounded = Math.round(change);
  const size = points ? `${exact("visits", Math.abs(rounded))} ${text.points}` : percent(Math.abs(rounded));
  const shown = `${rounded > 0 ? "+" : rounded < 0 ? "−" : "±"}${size}`;
  const mood = rounded === 0 ? "same" : rounded > 0 !== lowered.has(metric) ? "good" : "bad";
  return <span class={`change ${mood}`} title={text.change(`${exact(metric, then)} (${shown})`, against)}>{shown}</span>;
}

