// The properties that events came with: one at a time, with its values.
import { amount } from "../../api";
import { dimensionName, exact, valueName } from "../../format";
import { useQuery } from "../../load";
import { EmptyState, Failure, Skeleton } from "../../states";
import { metricNames, text } from "../../strings";
import { barred } from "./counted";
import { CSVButton } from "./csv";
import { Notes } from "./notes";
import type { Scope } from "./scope";

const metrics = ["visitors", "events", "percentage"];

export default function Properties({ scope }: { scope: Scope }) {
  const { view, go } = scope;
  const found = useQuery({ ...scope.query(["events"], { dimensions: ["event:property"] }), filters: [] });
  const names = found.data?.results.filter((r) => amount(r.metrics[0]) > 0).map((r) => r.dimensions[0] ?? "");
  if (found.error) return <Failure of={found} />;
  if (!names) return <Skeleton rows={5} />;
  const asked = view.tabs["property"];
  const name = asked && names.includes(asked) ? asked : names[0];
  if (name === undefined) return <EmptyState>{text.noProperties}</EmptyState>;
  return (
    <>
      <label class="choice">{text.propertyChoice}
        <select class="control" aria-label={text.propertyChoice} value={name} onChange={(e) => go({ tabs: { ...view.tabs, property: e.currentTarget.value } })}>
          {names.map((n) => <option key={n} value={n}>{n}</option>)}
        </select>
      </label>
      <Values key={name} scope={scope} dimension={`event:props:${name}`} />
    </>
  );
}

function Values({ scope, dimension }: { scope: Scope; dimension: string }) {
  const reason = barred(dimension, scope.conditions);
  const query = scope.query(metrics, { dimensions: [dimension], pagination: { limit: 50, offset: 0 } });
  const answer = useQuery(reason ? null : query);
  if (reason) return <EmptyState>{reason}</EmptyState>;
  if (answer.error) return <Failure of={answer} />;
  if (!answer.data) return <Skeleton rows={5} />;
  if (answer.data.results.length === 0) return <EmptyState>{`${text.noData}.`}</EmptyState>;
  const name = dimensionName(dimension);
  return (
    <div class={answer.loading ? "panel-body stale" : "panel-body"}>
      <div class="scroll" tabIndex={0} role="group" aria-label={name}>
        <table class="table">
          <thead><tr><th scope="col">{name}</th>{metrics.map((m) => <th key={m} scope="col">{metricNames[m]}</th>)}</tr></thead>
          <tbody>
            {answer.data.results.map((r) => {
              const value = r.dimensions[0] ?? "";
              const shown = valueName(dimension, value);
              return (
                <tr key={value}>
                  <th scope="row"><button type="button" title={text.filterBy(shown)} onClick={() => scope.addFilter({ op: "is", dimension, values: [value] })}>{shown}</button></th>
                  {r.metrics.map((v, i) => <td key={i}>{exact(metrics[i] ?? "", v)}</td>)}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <div class="panel-foot"><Notes meta={answer.data.meta} /><CSVButton name={name} query={query} /></div>
    </div>
  );
}
