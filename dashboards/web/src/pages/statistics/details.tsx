// All rows of a list in a dialog, with search and a page at a time.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Query, WireFilter } from "../../api";
import type { Scope } from ".";
import { valueName } from "../../format";
import { List } from "../../list";
import { useQuery } from "../../load";
import { chooser, itemsOf, listQuery, type Tab } from "./panel";
import { EmptyState, ErrorState, Skeleton } from "../../states";
import { text } from "../../strings";
import { isAttribute } from "../../view";

interface Props {
  tab: Tab;
  scope: Scope;
  visitors: number | undefined;
  close: () => void;
}

const pageSize = 100;
/** What the Stats API gives at once. */
const mostRows = 10_000;

export function Details({ tab, scope, visitors, close }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [limit, setLimit] = useState(pageSize);
  const [search, setSearch] = useState("");
  useEffect(() => dialog.current?.showModal(), []);
  // A filter would count attributes in groups, so they are searched here, by the names that are shown.
  const here = isAttribute(tab.dimension);
  const word = search.trim();
  const answer = useQuery(here ? listQuery(scope, tab, word ? mostRows : limit) : searched(listQuery(scope, tab, limit), tab, word));
  const found = answer.data && itemsOf(answer.data, tab);
  const items = here && word ? found?.filter((i) => valueName(tab.dimension, i.value).toLowerCase().includes(word.toLowerCase())) : found;
  const choose = chooser(scope, tab);
  // Closing the dialog itself, rather than taking it away, gives the focus back to where it came from.
  const shut = () => dialog.current?.close();
  return (
    <dialog ref={dialog} class="details" aria-label={text.details(tab.label)} onClose={close} onClick={(e) => e.target === e.currentTarget && shut()}>
      <div class="details-head">
        <h2>{tab.label}</h2>
        <input type="search" class="control" placeholder={text.search} aria-label={text.search} value={search} onInput={(e) => setSearch(e.currentTarget.value)} />
        <button type="button" class="control square" aria-label={text.close} onClick={shut}>
          <svg width="14" height="14" viewBox="0 0 16 16" aria-hidden="true"><path d="m3 3 10 10M13 3 3 13" /></svg>
        </button>
      </div>
      <div class={answer.loading ? "details-body stale" : "details-body"}>
        {answer.error ? (
          <ErrorState message={answer.error} retry={answer.retry} />
        ) : !items ? (
          <Skeleton rows={12} />
        ) : items.length === 0 ? (
          <EmptyState>{`${text.noData}.`}</EmptyState>
        ) : (
          <List dimension={tab.dimension} metric="visitors" heading={text.visitors} items={items} total={visitors} choose={choose && ((value) => {
            shut();
            choose(value);
          })} />
        )}
        {(answer.data?.results.length ?? 0) >= limit && (
          <button type="button" class="button quiet all" onClick={() => setLimit(limit + pageSize)}>{text.more}</button>
        )}
      </div>
    </dialog>
  );
}

function searched(query: Query, tab: Tab, search: string): Query {
  if (!search) return query;
  const condition: WireFilter = ["contains", tab.dimension, [search], { case_sensitive: false }];
  return { ...query, filters: [...(query.filters ?? []), condition] };
}
