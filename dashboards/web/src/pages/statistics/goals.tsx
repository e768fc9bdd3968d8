// The site's goals: who reached them, how often, and what they brought.
import { amount, fetchQuery, type Answer, type Query, type Value } from "../../api";
import { exact } from "../../format";
import { useLoaded, useQuery } from "../../load";
import { EmptyState, Failure, Skeleton } from "../../states";
import { metricNames, text } from "../../strings";
import { withFilter } from "../../view";
import { wireFilters } from "../../api";
import { barred } from "./counted";
import { CSVButton } from "./csv";
import { Notes } from "./notes";
import type { Scope } from "./scope";
import { Undefined } from "./undefined";

const metrics = ["visitors", "conversions", "conversion_rate"];
const revenue = ["total_revenue", "average_revenue"];

export default function Goals({ scope }: { scope: Scope }) {
  const { site, filters } = scope;
  const goals = site.goals ?? [];
  const reason = barred("event:goal", scope.conditions);
  const query = scope.query(metrics, { dimensions: ["event:goal"] });
  const answer = useQuery(goals.length === 0 || reason ? null : query);
  const money = useRevenue(scope, reason !== undefined);
  if (goals.length === 0) return <Undefined site={site}>{text.noGoals}</Undefined>;
  if (reason) return <EmptyState>{reason}</EmptyState>;
  if (answer.error) return <Failure of={answer} />;
  if (!answer.data) return <Skeleton rows={Math.min(9, goals.length)} />;
  const found = new Map(answer.data.results.map((r) => [r.dimensions[0] ?? "", r.metrics]));
  const priced = goals.some((g) => g.currency);
  const asked = filters.find((f) => f.dimension === "event:goal" && f.op === "is")?.values;
  const names = goals.map((g) => g.name).filter((n) => !asked || asked.includes(n)).sort((a, b) => amount(found.get(b)?.[0]) - amount(found.get(a)?.[0]));
  const columns = [...metrics, ...(priced ? revenue : [])];
  const choose = (name: string) => {
    scope.addFilter({ op: "is", dimension: "event:goal", values: [name] });
    // What is asked next is where they came from, which stands further up.
    scrollTo({ top: 0, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth" });
  };
  return (
    <div class={answer.loading ? "panel-body stale" : "panel-body"}>
      <div class="scroll" tabIndex={0} role="group" aria-label={text.goalsTable}>
        <table class="table">
          <thead><tr><th scope="col">{text.goal}</th>{columns.map((m) => <th key={m} scope="col">{m === "visitors" ? text.converted : metricNames[m]}</th>)}</tr></thead>
          <tbody>
            {names.map((name) => (
              <tr key={name}>
                <th scope="row"><button type="button" title={text.filterBy(name)} onClick={() => choose(name)}>{name}</button></th>
                {columns.map((m, i) => <td key={m}>{exact(m, i < metrics.length ? (found.get(name)?.[i] ?? 0) : (money.get(name)?.[i - metrics.length] ?? null))}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div class="panel-foot"><Notes meta={answer.data.meta} /><CSVButton name={text.goal} query={query} /></div>
    </div>
  );
}

/** The revenue of each goal that has any. The Stats API adds up one currency at a time. */
function useRevenue(scope: Scope, not: boolean): Map<string, Value[]> {
  const asked = scope.filters.find((f) => f.dimension === "event:goal" && f.op === "is")?.values;
  const goals = (scope.site.goals ?? []).filter((g) => g.currency && (!asked || asked.includes(g.name)));
  const queries: Query[] = [...new Set(goals.map((g) => g.currency))].map((currency) => {
    const values = goals.filter((g) => g.currency === currency).map((g) => g.name);
    const filters = withFilter(scope.filters, { op: "is", dimension: "event:goal", values });
    return scope.query(revenue, { dimensions: ["event:goal"], filters: wireFilters(filters) });
  });
  const answers = useLoaded(not || queries.length === 0 ? null : JSON.stringify(queries), (_, signal) =>
    Promise.all(queries.map((q): Promise<Answer> => fetchQuery(JSON.stringify(q), signal))));
  return new Map((answers.loading ? [] : (answers.data ?? [])).flatMap((a) => a.results.map((r) => [r.dimensions[0] ?? "", r.metrics] as const)));
}
