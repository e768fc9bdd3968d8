// What is being looked at. It lives in the address, so that it can be bookmarked, sent to a colleague and gone back
// from; nothing else remembers it.
import { useEffect, useState } from "preact/hooks";
import type { Filter, FilterOp } from "./api";
import { isDay, periods, present, type Compare, type Interval, type Period, type Range } from "./period";

export interface View {
  site: string | null;
  /** null: not chosen, the default. */
  period: Period | null;
  custom: Range | undefined;
  metric: string;
  interval: Interval | null;
  compare: Compare;
  filters: Filter[];
  /** The chosen tab of each panel, by the panel's name; what is not here is its first. */
  tabs: Record<string, string>;
  /** The panel whose rows are all shown, null for none. */
  details: string | null;
}

const ops: readonly string[] = ["is", "is_not", "contains", "contains_not", "matches", "has_done", "has_not_done"];
const compares: readonly string[] = ["previous", "previous-weekdays", "year", "year-weekdays", "none"];
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
  const compare = p.get("compare");
  return {
    site: p.get("site"),
    period: period === "custom" ? (custom ? "custom" : null) : ([present, ...periods].find((x) => x.period === period)?.period ?? null),
    custom,
    metric: metric && /^[a-z_]+$/.test(metric) ? metric : "visitors",
    interval: interval && intervals.includes(interval) ? (interval as Interval) : null,
    compare: compare && compares.includes(compare) ? (compare as Compare) : "previous",
    filters: p.getAll("f").flatMap(parseFilter),
    tabs: Object.fromEntries(p.getAll("tab").flatMap((t) => (t.includes(":") ? [[t.slice(0, t.indexOf(":")), t.slice(t.indexOf(":") + 1)]] : []))),
    details: p.get("details"),
  };
}

function parseFilter(s: string): Filter[] {
  const [op, dimension, ...rest] = s.split(",");
  if (!op || !ops.includes(op) || !dimension || rest.length === 0) return [];
  // A property's name may hold a comma.
  return [{ op: op as FilterOp, dimension: dimension.replaceAll("%2C", ","), values: parseValues(rest.join(",")) }];
}

/** Values stand in the address with | between them; a | or \ within one has a \ before it. */
const parseValues = (s: string): string[] => (s.match(/(?:\\.|[^|\\])+/gs) ?? [""]).map((v) => v.replace(/\\(.)/gs, "$1"));
const formatValues = (values: string[]): string => values.map((v) => v.replace(/[|\\]/g, "\\$&")).join("|");

/** What of an address is the view's; all else stays as it is. */
const own = ["site", "period", "from", "to", "metric", "interval", "compare", "f", "tab", "details"];

/** Writes a view as an address's query; only what differs from the default stands in it. */
export function formatView(v: View): string {
  const p = new URLSearchParams([...new URLSearchParams(location.search)].filter(([name]) => !own.includes(name)));
  if (v.site) p.set("site", v.site);
  if (v.period) p.set("period", v.period);
  if (v.period === "custom" && v.custom) {
    p.set("from", v.custom.from);
    p.set("to", v.custom.to);
  }
  if (v.metric !== "visitors") p.set("metric", v.metric);
  if (v.interval) p.set("interval", v.interval);
  if (v.compare !== "previous") p.set("compare", v.compare);
  for (const f of v.filters) p.append("f", `${f.op},${f.dimension.replaceAll(",", "%2C")},${formatValues(f.values)}`);
  for (const [panel, tab] of Object.entries(v.tabs)) p.append("tab", `${panel}:${tab}`);
  if (v.details) p.set("details", v.details);
  // Colons, slashes and commas may stand in a query as they are; an address that people read should not hide them.
  const query = p.toString().replace(/%3A/g, ":").replace(/%2F/g, "/").replace(/%2C/g, ",").replace(/%7C/g, "|");
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
