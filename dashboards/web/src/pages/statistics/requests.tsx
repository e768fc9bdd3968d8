// What the server had to do: every request, also those that no person made. Counted apart from visitors, so filters
// do not apply.
import type { Query } from "../../api";
import { amount, wireRange } from "../../api";
import { CSVButton } from "./csv";
import { Notes, nothing, whole } from "./notes";
import type { Scope } from "./scope";
import { brief, exact, share } from "../../format";
import { List } from "../../list";
import { useQuery } from "../../load";
import { EmptyState, Failure, Hint, Skeleton } from "../../states";
import { metricNames, panelNames, text } from "../../strings";

const metrics = ["requests", "bytes", "errors", "bots"];
const rowsShown = 7;

export function Requests({ scope }: { scope: Scope }) {
  const ask = (more: Partial<Query>): Query => ({
    site_id: scope.site.id,
    metrics: ["requests"],
    date_range: wireRange(scope.range),
    pagination: { limit: rowsShown, offset: 0 },
    ...more,
  });
  const totals = useQuery(ask({ metrics, pagination: { limit: 1, offset: 0 } }));
  const row = totals.data?.results[0]?.metrics;
  const requests = row && amount(row[0]);
  return (
    <section class="card requests" aria-label={panelNames.requests} data-panel="requests">
      <div class="panel-head">
        <h2>{panelNames.requests} <Hint label={panelNames.requests}>{text.requestsHint}</Hint></h2>
      </div>
      {totals.error ? (
        <Failure of={totals} />
      ) : (
        <dl class={totals.loading ? "figures plain stale" : "figures plain"} style={{ "--count": metrics.length }}>
          {metrics.map((name, i) => (
            <div key={name} class="figure">
              <dt class="label">{metricNames[name]}</dt>
              <dd>
                <span class="value" title={row && exact(name, row[i] ?? null)}>{row ? brief(name, row[i] ?? null) : <span class="blank" />}</span>{" "}
                {i >= 2 && requests !== undefined && <span class="share">{share(amount(row?.[i]), requests)}</span>}
              </dd>
            </div>
          ))}
        </dl>
      )}
      <div class="columns">
        <Column title={panelNames.bots} dimension="event:bot" query={ask({ dimensions: ["event:bot"] })} />
        <Column
          title={panelNames.missing}
          dimension="event:page"
          query={ask({ dimensions: ["event:page"], filters: [["is", "event:status", ["404"]]] })}
        />
        <Column title={panelNames.statuses} dimension="event:status" query={ask({ dimensions: ["event:status"] })} total={requests} />
      </div>
    </section>
  );
}

interface ColumnProps {
  title: string;
  dimension: string;
  query: Query;
  total?: number | undefined;
}

function Column({ title, dimension, query, total }: ColumnProps) {
  const answer = useQuery(query);
  const meta = answer.data?.meta;
  const items = answer.data?.results
    .map((r) => ({ value: r.dimensions[0] ?? "", figure: amount(r.metrics[0]) }))
    .filter((item) => item.figure > 0);
  return (
    <section aria-label={title}>
      <h3>{title} {items?.length ? <Notes meta={meta} /> : null} <CSVButton name={title} query={query} /></h3>
      {answer.error ? (
        <Failure of={answer} />
      ) : !items ? (
        <Skeleton rows={rowsShown} />
      ) : items.length === 0 ? (
        <EmptyState>{nothing(meta)}</EmptyState>
      ) : (
        <div class={answer.loading ? "stale" : ""}>
          <List dimension={dimension} metric="requests" heading={text.requests} items={items} total={whole(meta, total)} choose={undefined} />
        </div>
      )}
    </section>
  );
}
