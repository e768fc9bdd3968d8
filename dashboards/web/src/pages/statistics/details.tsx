// All rows of a list in a dialog: more figures, sorted by any of them, searched, a page at a time.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Query, Row } from "../../api";
import { dimensionName, exact, rowHint, smallGroups, valueName } from "../../format";
import { useQuery } from "../../load";
import { EmptyState, Failure, Hint, Skeleton } from "../../states";
import { metricNames, text } from "../../strings";
import { countable } from "./counted";
import { CSVButton } from "./csv";
import { Notes, nothing } from "./notes";
import { chooser } from "./panel";
import type { Scope } from "./scope";
import type { Tab } from "./tabs";

interface Props {
  tab: Tab;
  scope: Scope;
  close: () => void;
}

const pageSize = 100;
/** What the Stats API gives at once. */
const mostRows = 10_000;
/** Dimensions whose values stand as they are shown, so that the store can search them. */
const plain = /^(event:(page|hostname)|visit:((entry|exit)_page(_hostname)?|source|referrer|utm_\w+))$/;

type Sort = [string, "asc" | "desc"];

export default function Details({ tab, scope, close }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const title = tab.title ?? tab.label;
  const [search, setSearch] = useState("");
  const [page, setPage] = useState(0);
  const [more, setMore] = useState(false);
  const [sort, setSort] = useState<Sort>(["visitors", "desc"]);
  useEffect(() => dialog.current?.showModal(), []);
  const word = search.trim().toLowerCase();
  const here = word !== "" && !plain.test(tab.dimension);
  const query = rowsQuery(scope, tab, { more, sort, word: here ? "" : word, page: here ? 0 : page, limit: here ? mostRows : pageSize });
  const answer = useQuery(query);
  const kept = answer.data?.results.filter((r) => !tab.without?.includes(r.dimensions[0] ?? ""));
  const found = here ? kept?.filter((r) => valueName(tab.dimension, r.dimensions[0] ?? "").toLowerCase().includes(word)) : kept;
  const rows = here ? found?.slice(page * pageSize, (page + 1) * pageSize) : found;
  const count = here ? (found?.length ?? 0) : (answer.data?.meta.total_rows ?? 0);
  const choose = chooser(scope, tab);
  // Closing the dialog itself, rather than taking it away, gives the focus back to where it came from.
  const shut = () => dialog.current?.close();
  return (
    <dialog ref={dialog} class="details" aria-label={text.details(title)} onClose={close} onClick={(e) => e.target === e.currentTarget && shut()}>
      <div class="details-head">
        <h2>{title}</h2>
        <input type="search" class="control" placeholder={text.search} aria-label={text.search} value={search} onInput={(e) => {
          setSearch(e.currentTarget.value);
          setPage(0);
        }} />
        <CSVButton name={title} query={query} />
        <button type="button" class="control square" aria-label={text.close} onClick={shut}>
          <svg width="14" height="14" viewBox="0 0 16 16" aria-hidden="true"><path d="m3 3 10 10M13 3 3 13" /></svg>
        </button>
      </div>
      <div class={answer.loading ? "details-body stale" : "details-body"} tabIndex={0} role="group" aria-label={title}>
        {answer.error ? (
          <Failure of={answer} />
        ) : !rows ? (
          <Skeleton rows={12} />
        ) : rows.length === 0 ? (
          <EmptyState>{nothing(answer.data?.meta)}</EmptyState>
        ) : (
          <Table tab={tab} rows={rows} metrics={answer.data?.query.metrics ?? []} sort={sort} setSort={(s) => {
            setSort(s);
            setPage(0);
          }} choose={choose} />
        )}
      </div>
      <div class="details-foot">
        {tab.crossed && !scope.filters.length && (
          <label><input type="checkbox" checked={more} onChange={(e) => setMore(e.currentTarget.checked)} /> {text.moreFigures}</label>
        )}
        <Notes meta={answer.data?.meta} />
        <Paging page={page} count={count} setPage={setPage} />
      </div>
    </dialog>
  );
}

interface Asked {
  more: boolean;
  sort: Sort;
  /** What values must hold, in small letters; empty for all. */
  word: string;
  page: number;
  limit: number;
}

function rowsQuery(scope: Scope, tab: Tab, { more, sort, word, page, limit }: Asked): Query {
  const goals = scope.filters.some((f) => f.dimension === "event:goal" && f.op === "is");
  const wanted = goals ? ["conversions", "group_conversion_rate"] : (tab.columns ?? (more || scope.filters.length > 0 ? tab.crossed : undefined) ?? ["percentage"]);
  const columns = goals ? wanted : countable(wanted, scope.conditions);
  const metrics = ["visitors", ...columns, ...(columns.length === 0 ? ["percentage"] : [])];
  const query = scope.query(metrics, {
    dimensions: [tab.dimension],
    order_by: [metrics.includes(sort[0]) || sort[0] === tab.dimension ? sort : ["visitors", "desc"]],
    include: { total_rows: true },
    pagination: { limit, offset: page * limit },
  });
  if (word) query.filters = [...(query.filters ?? []), ["contains", tab.dimension, [word], { case_sensitive: false }]];
  return query;
}

interface TableProps {
  tab: Tab;
  rows: Row[];
  metrics: string[];
  sort: Sort;
  setSort: (s: Sort) => void;
  choose: ((value: string) => void) | undefined;
}

function Table({ tab, rows, metrics, sort, setSort, choose }: TableProps) {
  const heading = (key: string, name: string) => {
    const mine = sort[0] === key;
    const other = mine ? (sort[1] === "desc" ? "asc" : "desc") : key === tab.dimension ? "asc" : "desc";
    return (
      <th key={key} scope="col" aria-sort={mine ? (sort[1] === "desc" ? "descending" : "ascending") : undefined}>
        <button type="button" onClick={() => setSort([key, other])}>{name}<span aria-hidden="true">{mine ? (sort[1] === "desc" ? " ↓" : " ↑") : ""}</span></button>
      </th>
    );
  };
  return (
    <table class="table">
      <thead><tr>{heading(tab.dimension, dimensionName(tab.dimension))}{metrics.map((m) => heading(m, metricNames[m] ?? m))}</tr></thead>
      <tbody>
        {rows.map((r) => {
          const value = r.dimensions[0] ?? "";
          const name = valueName(tab.dimension, value);
          const small = value === smallGroups;
          const hint = rowHint(tab.dimension, value);
          return (
            <tr key={value}>
              <th scope="row" class={small ? "small-groups" : undefined}>
                {choose && !small ? <button type="button" title={text.filterBy(name)} onClick={() => choose(value)}>{name}</button> : <span title={name}>{name}</span>}
                {hint && <Hint label={name}>{hint}</Hint>}
              </th>
              {r.metrics.map((v, i) => <td key={i}>{exact(metrics[i] ?? "", v)}</td>)}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function Paging({ page, count, setPage }: { page: number; count: number; setPage: (p: number) => void }) {
  if (count === 0) return null;
  const last = Math.min(count, (page + 1) * pageSize);
  return (
    <p class="paging">
      <span>{text.rowsOf(exact("", page * pageSize + 1), exact("", last), exact("", count))}</span>
      <button type="button" class="control square" aria-label={text.previousRows} disabled={page === 0} onClick={() => setPage(page - 1)}>‹</button>
      <button type="button" class="control square" aria-label={text.nextRows} disabled={last >= count} onClick={() => setPage(page + 1)}>›</button>
    </p>
  );
}
