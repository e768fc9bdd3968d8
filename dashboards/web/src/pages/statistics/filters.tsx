import type { Filter } from "../../api";
import { dimensionName, valueName } from "../../format";
import { opNames, text } from "../../strings";
import type { Go } from "../../view";

/** The conditions that hold, each with a cross to take it away. Escape takes all away. */
export function FilterChips({ filters, go }: { filters: Filter[]; go: Go }) {
  if (filters.length === 0) return null;
  return (
    <ul class="chips" aria-label={text.filters}>
      {filters.map((f) => {
        const name = `${dimensionName(f.dimension)} ${opNames[f.op]} ${valueName(f.dimension, f.value)}`;
        return (
          <li key={f.dimension} class="chip">
            <span>{dimensionName(f.dimension)} {opNames[f.op]} <b>{valueName(f.dimension, f.value)}</b></span>
            <button
              type="button"
              aria-label={text.removeFilter(name)}
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
  );
}
