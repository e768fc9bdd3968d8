// A card with tabs, each a list of one dimension.
import type { Answer, Query } from "../../api";
import { amount } from "../../api";
import { lazy } from "../../lazy";
import { List, type Item } from "../../list";
import { useQuery } from "../../load";
import { EmptyState, Failure, Skeleton } from "../../states";
import { text } from "../../strings";
import { CSVButton } from "./csv";
import { barred } from "./counted";
import { Notes, nothing, whole } from "./notes";
import type { Scope } from "./scope";
import { Tabs, type Tab } from "./tabs";

const Details = lazy(() => import("./details"));
const WorldMap = lazy(() => import("./map"));

interface PanelProps {
  name: string;
  title: string;
  tabs: Tab[];
  scope: Scope;
  /** All visitors of the view, for the shares. */
  visitors: number | undefined;
}

const rowsShown = 9;
const rowsUnderMap = 4;

export function Panel({ name, title, tabs, scope, visitors }: PanelProps) {
  const { view, go } = scope;
  const tab = tabs.find((t) => t.id === view.tabs[name]) ?? tabs[0];
  if (!tab) return null;
  const choose = (id: string) => go({ tabs: { ...view.tabs, [name]: id } });
  const reason = barred(tab.dimension, scope.conditions);
  return (
    <section class="card panel" aria-label={title} data-panel={name}>
      <div class="panel-head">
        <h2>{title}</h2>
        <Tabs label={title} tabs={tabs} chosen={tab.id} choose={choose} />
      </div>
      {reason ? <EmptyState>{reason}</EmptyState> : <Rows key={tab.id} tab={tab} scope={scope} visitors={visitors} open={() => go({ details: name })} />}
      {view.details === name && !reason && <Details tab={tab} scope={scope} close={() => go({ details: null })} />}
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
  const shown = tab.map ? rowsUnderMap : rowsShown;
  const query = listQuery(scope, tab, tab.map ? mostCountries : rowsShown + (tab.without?.length ?? 0) + 1);
  const answer = useQuery(query);
  if (answer.error) return <Failure of={answer} />;
  const items = answer.data && itemsOf(answer.data, tab);
  if (!items || (answer.loading && items.length === 0)) return <Skeleton rows={rowsShown} />;
  const meta = answer.data?.meta;
  if (items.length === 0) return <EmptyState>{nothing(meta, ` ${scope.filters.length > 0 ? text.noDataFiltered : text.noDataHint}`)}</EmptyState>;
  const choose = chooser(scope, tab);
  return (
    <div class={answer.loading ? "panel-body stale" : "panel-body"}>
      {tab.map && <WorldMap items={items} choose={choose} />}
      <List
        dimension={tab.dimension}
        metric="visitors"
        heading={answer.data?.query.metrics.includes(rate) ? text.convertedShare : text.visitors}
        items={items.slice(0, shown)}
        total={whole(meta, visitors)}
        choose={choose}
      />
      <div class="panel-foot">
        <Notes meta={meta} />
        <button type="button" class="button quiet" onClick={open}>{text.all}<span class="hidden"> {tab.title ?? tab.label}</span></button>
        <CSVButton name={tab.title ?? tab.label} query={query} />
      </div>
    </div>
  );
}

const mostCountries = 300;
/** Of the visitors of a row, how many reached the goals that are filtered by. */
const rate = "group_conversion_rate";

export function listQuery(scope: Scope, tab: Tab, limit: number): Query {
  const goals = scope.filters.some((f) => f.dimension === "event:goal" && f.op === "is");
  return scope.query(goals ? ["visitors", rate] : ["visitors"], { dimensions: [tab.dimension], pagination: { limit, offset: 0 } });
}

export function itemsOf(answer: Answer, tab: Tab): Item[] {
  const share = answer.query.metrics.indexOf(rate);
  return answer.results
    .map((r) => ({ value: r.dimensions[0] ?? "", figure: amount(r.metrics[0]), ...(share > 0 ? { percent: amount(r.metrics[share]) } : {}) }))
    .filter((item) => item.figure > 0 && !tab.without?.includes(item.value));
}

export function chooser(scope: Scope, tab: Tab): ((value: string) => void) | undefined {
  if (tab.filters === false) return undefined;
  return (value) => scope.addFilter({ op: "is", dimension: tab.dimension, values: [value] });
}
