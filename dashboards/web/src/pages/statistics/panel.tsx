// A card with tabs, each a list of one dimension.
import { useState } from "preact/hooks";
import type { Answer, Query } from "../../api";
import type { Scope } from ".";
import { Details } from "./details";
import { List, type Item } from "../../list";
import { useQuery } from "../../load";
import { EmptyState, ErrorState, Skeleton } from "../../states";
import { text } from "../../strings";

export interface Tab {
  label: string;
  dimension: string;
  /** False where the dimension stands alone: it cannot be filtered by, nor shown under a filter. */
  crossable?: boolean;
  /** Values that are left out of the list, such as the absence of a campaign. */
  without?: string[];
}

interface PanelProps {
  name: string;
  title: string;
  tabs: Tab[];
  scope: Scope;
  /** All visitors of the view, for the shares. */
  visitors: number | undefined;
}

const rowsShown = 9;

export function Panel({ name, title, tabs, scope, visitors }: PanelProps) {
  const [chosen, choose] = useState(0);
  const [open, setOpen] = useState(false);
  const tab = tabs[chosen] ?? tabs[0];
  if (!tab) return null;
  const alone = tab.crossable === false && scope.filters.length > 0;
  return (
    <section class="card panel" aria-label={title} data-panel={name}>
      <div class="panel-head">
        <h2>{title}</h2>
        <div class="tabs" role="group" aria-label={title}>
          {tabs.length > 1 && tabs.map((t, i) => (
            <button key={i} type="button" aria-pressed={t === tab} onClick={() => choose(i)}>{t.label}</button>
          ))}
        </div>
      </div>
      {alone ? <EmptyState>{text.notWithFilters}</EmptyState> : <Rows key={tab.dimension} tab={tab} scope={scope} visitors={visitors} open={() => setOpen(true)} />}
      {open && <Details tab={tab} scope={scope} visitors={visitors} close={() => setOpen(false)} />}
    </section>
  );
}

interface RowsProps {
  tab: Tab;
  scope: Scope;
  visitors: number | undefined;
  open: () => void;
}

function Rows({ tab, scope, visitors, open }: RowsProps) {
  const answer = useQuery(listQuery(scope, tab, rowsShown + 1));
  if (answer.error) return <ErrorState message={answer.error} retry={answer.retry} />;
  const items = answer.data && itemsOf(answer.data, tab);
  if (!items || (answer.loading && items.length === 0)) return <Skeleton rows={rowsShown} />;
  if (items.length === 0) return <EmptyState>{`${text.noData} ${scope.filters.length > 0 ? text.noDataFiltered : text.noDataHint}.`}</EmptyState>;
  return (
    <div class={answer.loading ? "panel-body stale" : "panel-body"}>
      <List
        dimension={tab.dimension}
        metric="visitors"
        heading={text.visitors}
        items={items.slice(0, rowsShown)}
        total={visitors}
        choose={chooser(scope, tab)}
      />
      {items.length > rowsShown && (
        <button type="button" class="button quiet all" onClick={open}>{text.all}<span class="hidden"> {tab.label}</span></button>
      )}
    </div>
  );
}

export function listQuery(scope: Scope, tab: Tab, limit: number): Query {
  return scope.query(["visitors"], { dimensions: [tab.dimension], pagination: { limit, offset: 0 } });
}

export function itemsOf(answer: Answer, tab: Tab): Item[] {
  return answer.results
    .map((r) => ({ value: r.dimensions[0] ?? "", figure: r.metrics[0] ?? 0 }))
    .filter((item) => item.figure > 0 && !tab.without?.includes(item.value));
}

export function chooser(scope: Scope, tab: Tab): ((value: string) => void) | undefined {
  if (tab.crossable === false) return undefined;
  return (value) => scope.addFilter({ op: "is", dimension: tab.dimension, value });
}
