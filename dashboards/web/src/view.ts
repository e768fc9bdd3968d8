// What is being looked at. It lives in the address, so that it can be bookmarked, sent to a colleague and gone back
// from; nothing else remembers it.
import { useEffect, useState } from "preact/hooks";
import type { Filter, FilterOp } from "./api";
import { isDay, periods, type Interval, type Period, type Range } from "./period";

export interface View {
  site: string | null;
  /** null: not chosen, the default. */
  period: Period | null;
  custom: Range | undefined;
  metric: string;
  interval: Interval | null;
  filters: Filter[];
}

export const graphMetrics = ["visitors", "visits", "pageviews", "views_per_visit", "bounce_rate", "visit_duration"];

/**
 * The figures that can be told under these filters. Rates and durations belong to whole visits: a page or a host is
 * only a part of one, so some are not counted for it. The Stats API refuses them with the same reason.
 */
export function countable(filters: Filter[]): string[] {
  const by = (dimension: string) => filters.some((f) => f.dimension === dimension);
  if (by("event:hostname") || by("event:name")) return ["visitors", "visits", "pageviews"];
  return by("event:page") ? graphMetrics.filter((m) => m !== "views_per_visit") : graphMetrics;
}

/**
 * Whether a dimension is an attribute of the visitor. Alone and by the day the Stats API counts it exactly; under any
 * filter, rare combinations stand together as small groups.
 */
export const isAttribute = (dimension: string) => /^visit:(country|provider|device|browser|os)(_version)?$/.test(dimension);

const ops: readonly string[] = ["is", "is_not", "contains"];
const intervals: readonly string[] = ["hour", "day", "week", "month"];

/** Reads a view from an address's query. What it does not understand is left out. */
export function parseView(search: string): View {
  const p = new URLSearchParams(search);
  const from = p.get("from");
  const to = p.get("to");
  const custom = isDay(from) && isDay(to) && from <= to ? { from, to } : undefined;
  const period = p.get("period");
  const metric = p.get("metric");
  const interval = p.get("interval");
  return {
    site: p.get("site"),
    period: period === "custom" ? (custom ? "custom" : null) : (periods.find((x) => x.period === period)?.period ?? null),
    custom,
    metric: metric && graphMetrics.includes(metric) ? metric : "visitors",
    interval: interval && intervals.includes(interval) ? (interval as Interval) : null,
    filters: p.getAll("f").flatMap(parseFilter),
  };
}

function parseFilter(s: string): Filter[] {
  const [op, dimension, ...rest] = s.split(",");
  if (!op || !ops.includes(op) || !dimension || rest.length === 0) return [];
  return [{ op: op as FilterOp, dimension, value: rest.join(",") }];
}

/** Writes a view as an address's query; only what differs from the default stands in it. */
export function formatView(v: View): string {
  const p = new URLSearchParams();
  if (v.site) p.set("site", v.site);
  if (v.period) p.set("period", v.period);
  if (v.period === "custom" && v.custom) {
    p.set("from", v.custom.from);
    p.set("to", v.custom.to);
  }
  if (v.metric !== "visitors") p.set("metric", v.metric);
  if (v.interval) p.set("interval", v.interval);
  for (const f of v.filters) p.append("f", `${f.op},${f.dimension},${f.value}`);
  // Colons, slashes and commas may stand in a query as they are; an address that people read should not hide them.
  const query = p.toString().replace(/%3A/g, ":").replace(/%2F/g, "/").replace(/%2C/g, ",");
  return query ? `?${query}` : location.pathname;
}

export type Go = (change: Partial<View>) => void;

/** The current view and the way to another one, which becomes a step in the browser's history. */
export function useView(): [View, Go] {
  const [view, setView] = useState(() => parseView(location.search));
  useEffect(() => {
    const back = () => setView(parseView(location.search));
    addEventListener("popstate", back);
    return () => removeEventListener("popstate", back);
  }, []);
  const go: Go = (change) => {
    const next = { ...parseView(location.search), ...change };
    history.pushState(null, "", formatView(next));
    setView(next);
  };
  return [view, go];
}

/** The filters with one more; a dimension has one condition, the new one takes the old one's place. */
export function withFilter(filters: Filter[], f: Filter): Filter[] {
  return [...filters.filter((x) => x.dimension !== f.dimension), f];
}
