import type { Filter } from "../../api";
import { dimensionName, valueName } from "../../format";
import { lazy } from "../../lazy";
import { opNames, text } from "../../strings";
import type { Scope } from "./scope";

const FilterMenu = lazy(() => import("./filter-menu"));

/** Which filter is being made: a new one, an old one changed, or none. */
export type Editing = Filter | "new" | null;

interface Props {
  scope: Scope;
  editing: Editing;
  edit: (e: Editing) => void;
}

/** The conditions that hold, each with a cross to take it away, and the way to another one. Escape takes all away. */
export function FilterChips({ scope, editing, edit }: Props) {
  const { filters, go } = scope;
  return (
    <div class="chips">
      <button type="button" class="control filter-button" aria-haspopup="dialog" onClick={() => edit("new")}>
        <svg width="14" height="14" viewBox="0 0 16 16" aria-hidden="true"><path d="M2 3.5h12M4.5 8h7M7 12.5h2" /></svg>
        {text.filter}
      </button>
      {filters.length > 0 && (
        <ul class="chips" aria-label={text.filters}>
          {filters.map((f) => {
            const values = f.values.map((v) => valueName(f.dimension, v)).join(text.or);
            return (
              <li key={f.dimension + f.op} class="chip">
                <button type="button" class="said" title={text.changeFilter} onClick={() => edit(f)}>
                  {dimensionName(f.dimension)} {opNames[f.op]} <b>{values}</b>
                </button>
                <button
                  type="button"
                  class="cross"
                  aria-label={text.removeFilter(`${dimensionName(f.dimension)} ${opNames[f.op]} ${values}`)}
                  onClick={() => go({ filters: filters.filter((x) => x !== f) })}
                >
                  <svg width="12" height="12" viewBox="0 0 16 16" aria-hidden="true"><path d="m3 3 10 10M13 3 3 13" /></svg>
                </button>
              </li>
            );
          })}
          {filters.length > 1 && (
            <li><button type="button" class="button quiet" onClick={() => go({ filters: [] })}>{text.clearFilters}</button></li>
          )}
        </ul>
      )}
      {editing && <FilterMenu scope={scope} editing={editing} close={() => edit(null)} />}
    </div>
  );
}
