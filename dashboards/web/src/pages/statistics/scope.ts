// What every part of the page asks about.
import { wireFilters, wireRange, type Filter, type Query, type Site } from "../../api";
import { earlier, type Compare, type Range } from "../../period";
import { expand } from "./counted";
import { withFilter, type Go, type View } from "../../view";

export interface Scope {
  site: Site;
  range: Range;
  filters: Filter[];
  /** The filters with what segments stand for: what decides which figures can be told. */
  conditions: Filter[];
  compare: Compare;
  /** What figures are compared with; undefined for nothing. */
  before: Range | undefined;
  /** True when the range has more than one day, so that visitors are sums of days. */
  manyDays: boolean;
  view: View;
  go: Go;
  addFilter: (f: Filter) => void;
  /** A question about this site, range and filters. */
  query: (metrics: string[], more?: Partial<Query>) => Query;
}

export function scopeOf(site: Site, range: Range, view: View, go: Go): Scope {
  const { filters, compare } = view;
  return {
    site,
    range,
    filters,
    conditions: expand(filters, site),
    compare,
    before: earlier(range, compare),
    manyDays: range.from !== range.to,
    view,
    go,
    addFilter: (f) => go({ filters: withFilter(filters, f), details: null }),
    query: (metrics, more) => ({
      site_id: site.id,
      metrics,
      date_range: wireRange(range),
      ...(filters.length > 0 ? { filters: wireFilters(filters) } : {}),
      ...more,
    }),
  };
}
