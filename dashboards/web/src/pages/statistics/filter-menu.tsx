// A dialog that makes a filter: a dimension, what is asked of it, and values, which it suggests from what was counted.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Filter, FilterOp } from "../../api";
import { dimensionName, exact, smallGroups, valueName } from "../../format";
import { amount } from "../../api";
import { useQuery } from "../../load";
import { useRegions } from "../../regions";
import { Failure } from "../../states";
import { filterGroups, opNames, text } from "../../strings";
import { withFilter } from "../../view";
import { contrary, expand } from "./counted";
import type { Editing } from "./filters";
import { hostDimensions, useSeveralHosts } from "./hosts";
import type { Scope } from "./scope";

interface Props {
  scope: Scope;
  editing: Exclude<Editing, null>;
  close: () => void;
}

/** What can be filtered by, under headings; goals, groups, segments and several hosts where the site has any. */
function dimensionsOf({ site }: Scope, hosts: boolean, properties: string[]): [string, string[]][] {
  const some = (list: unknown[] | undefined, dimension: string) => (list?.length ? [dimension] : []);
  const groups: [string, string[]][] = [
    [filterGroups.saved, some(site.segments, "segment")],
    [filterGroups.pages, ["event:page", "visit:entry_page", "visit:exit_page", ...some(site.groups, "event:group"), ...(hosts ? hostDimensions : [])]],
    [filterGroups.sources, ["visit:channel", "visit:source", "visit:referrer", ...["campaign", "source", "medium", "content", "term"].map((t) => `visit:utm_${t}`)]],
    [filterGroups.locations, ["visit:country", "visit:region", "visit:city"]],
    [filterGroups.devices, ["visit:device", "visit:browser", "visit:browser_version", "visit:os", "visit:os_version"]],
    [filterGroups.behaviour, [...some(site.goals, "event:goal"), "event:name", ...properties]],
  ];
  return groups.filter(([, list]) => list.length > 0);
}

function opsOf(dimension: string): FilterOp[] {
  if (dimension === "segment") return ["is", "is_not"];
  if (dimension === "event:goal") return ["is", "has_done", "has_not_done"];
  if (dimension === "event:group") return ["is", "contains", "matches"];
  return ["is", "is_not", "contains", "contains_not", "matches"];
}

/** Operators whose value is typed, not chosen. */
const typed = (op: FilterOp): boolean => op === "contains" || op === "contains_not" || op === "matches";

export default function FilterMenu({ scope, editing, close }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [f, setF] = useState<Filter>(editing === "new" ? { op: "is", dimension: scope.site.segments?.length ? "segment" : "event:page", values: [] } : editing);
  useEffect(() => dialog.current?.showModal(), []);
  useRegions(f.dimension === "visit:region");
  const found = useQuery({ ...scope.query(["events"], { dimensions: ["event:property"] }), filters: [] });
  const hosts = useSeveralHosts(scope) || hostDimensions.some((d) => d === f.dimension);
  const properties = (found.data?.results ?? []).map((r) => `event:props:${r.dimensions[0]}`);
  const others = scope.filters.filter((x) => x !== editing);
  const reason = contrary(expand(withFilter(others, f), scope.site));
  const shut = () => dialog.current?.close();
  const apply = (e: Event) => {
    e.preventDefault();
    if (f.values.length === 0 || reason) return;
    scope.go({ filters: withFilter(others, f) });
    shut();
  };
  return (
    <dialog ref={dialog} class="details filter-menu" aria-label={text.filter} onClose={close} onClick={(e) => e.target === e.currentTarget && shut()}>
      <form onSubmit={apply}>
        <div class="details-head">
          <h2>{editing === "new" ? text.newFilter : text.changeFilter}</h2>
          <button type="button" class="control square" aria-label={text.close} onClick={shut}>
            <svg width="14" height="14" viewBox="0 0 16 16" aria-hidden="true"><path d="m3 3 10 10M13 3 3 13" /></svg>
          </button>
        </div>
        <div class="filter-body">
          <div class="filter-line">
            <select class="control" aria-label={text.filterDimension} value={f.dimension} onChange={(e) => setF({ op: "is", dimension: e.currentTarget.value, values: [] })}>
              {dimensionsOf(scope, hosts, properties).map(([heading, list]) => (
                <optgroup key={heading} label={heading}>{list.map((d) => <option key={d} value={d}>{dimensionName(d)}</option>)}</optgroup>
              ))}
            </select>
            <select class="control" aria-label={text.filterOperator} value={f.op} onChange={(e) => setF({ ...f, op: e.currentTarget.value as FilterOp, values: [] })}>
              {opsOf(f.dimension).map((op) => <option key={op} value={op}>{opNames[op]}</option>)}
            </select>
          </div>
          <Values key={f.dimension + String(typed(f.op))} scope={scope} f={f} set={(values) => setF({ ...f, values })} />
          {reason && <p class="note" role="status">{reason}</p>}
        </div>
        <div class="details-foot">
          <span class="spacer" />
          <button class="button" disabled={f.values.length === 0 || reason !== undefined}>{text.apply}</button>
        </div>
      </form>
    </dialog>
  );
}

interface ValuesProps {
  scope: Scope;
  f: Filter;
  set: (values: string[]) => void;
}

function Values({ scope, f, set }: ValuesProps) {
  const [word, setWord] = useState("");
  const one = f.op === "has_done" || f.op === "has_not_done";
  const free = typed(f.op);
  const add = (value: string) => {
    if (value && !f.values.includes(value)) set([...f.values, value]);
    setWord("");
  };
  const toggle = (value: string) => set(f.values.includes(value) ? f.values.filter((v) => v !== value) : one ? [value] : [...f.values, value]);
  const chosen = f.values.filter((v) => free || v !== smallGroups);
  return (
    <div class="values">
      {chosen.length > 0 && (
        <ul class="chips" aria-label={text.chosenValues}>
          {chosen.map((v) => (
            <li key={v} class="chip">
              <span>{valueName(f.dimension, v)}</span>
              <button type="button" class="cross" aria-label={text.removeValue(valueName(f.dimension, v))} onClick={() => set(f.values.filter((x) => x !== v))}>
                <svg width="12" height="12" viewBox="0 0 16 16" aria-hidden="true"><path d="m3 3 10 10M13 3 3 13" /></svg>
              </button>
            </li>
          ))}
        </ul>
      )}
      <input
        type="text"
        class="control"
        aria-label={free ? text.filterText : text.filterSearch}
        placeholder={free ? (f.op === "matches" ? text.filterPattern : text.filterText) : text.filterSearch}
        value={word}
        onInput={(e) => {
          const value = e.currentTarget.value;
          // What is typed holds at once; Enter makes room for another value.
          if (free) set([...f.values.filter((v) => v !== word), ...(value ? [value] : [])]);
          setWord(value);
        }}
        onKeyDown={(e) => {
          if (e.key !== "Enter" || word === "") return;
          e.preventDefault();
          if (free) setWord("");
          else add(word);
        }}
      />
      {!free && <Suggestions scope={scope} f={f} word={word} toggle={toggle} />}
    </div>
  );
}

const most = 8;

function Suggestions({ scope, f, word, toggle }: Omit<ValuesProps, "set"> & { word: string; toggle: (value: string) => void }) {
  const { site } = scope;
  const known: Record<string, string[] | undefined> = { segment: site.segments?.map((s) => s.name), "event:goal": site.goals?.map((g) => g.name), "event:group": site.groups };
  const fixed = known[f.dimension];
  const metric = /^event:(name|prop)/.test(f.dimension) ? "events" : "visitors";
  const answer = useQuery(fixed ? null : { ...scope.query([metric], { dimensions: [f.dimension], pagination: { limit: 1000, offset: 0 } }), filters: [] });
  if (answer.error) return <Failure of={answer} />;
  const rows = fixed?.map((value) => ({ value, figure: "" })) ??
    answer.data?.results.map((r) => ({ value: r.dimensions[0] ?? "", figure: exact(metric, amount(r.metrics[0])) })) ?? [];
  const found = rows.filter((r) => r.value !== smallGroups && valueName(f.dimension, r.value).toLowerCase().includes(word.toLowerCase())).slice(0, most);
  return (
    <ul class={answer.loading ? "suggestions stale" : "suggestions"} aria-label={text.suggestions}>
      {found.map((r) => (
        <li key={r.value}>
          <label>
            <input type="checkbox" checked={f.values.includes(r.value)} onChange={() => toggle(r.value)} />
            <span class="text">{valueName(f.dimension, r.value)}</span>
            <span class="muted">{r.figure}</span>
          </label>
        </li>
      ))}
      {found.length === 0 && !answer.loading && <li class="muted">{text.noSuggestion}</li>}
    </ul>
  );
}
