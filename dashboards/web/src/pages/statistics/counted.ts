// What can be told together. Klar stores sums only, and keeps apart what could lead back to a person, so not every
// figure goes with every filter: docs/api.md has the table that this file follows. What it forbids is explained to
// the reader instead of being asked and refused.
import type { Filter, FilterOp, Site } from "../../api";
import { dimensionName } from "../../format";
import { metricNames, text } from "../../strings";

const lone = /^visit:(provider|language|screen|referrer|utm_content|utm_term|entry_page_hostname|exit_page_hostname)$/;
const lonePeople = /^visit:(provider|language|screen|region|city)$/;
const place = /^visit:(region|city)$/;
const places = /^visit:(country|region|city)$/;
const tag = /^visit:utm_(source|medium)$/;
const tags = /^visit:utm_(source|medium|campaign)$/;
const defined = /^event:(goal|group|funnel)$/;
const property = /^event:prop/;
const behaviour = /^visit:(source|channel|utm_campaign|entry_page|country|device|browser|browser_version|os|os_version)$/;

const had = (f: Filter): boolean => f.op === "has_done" || f.op === "has_not_done";

/** Whether a dimension is an attribute of the visitor that the crowd rule holds for when it is crossed or filtered by. */
export const isAttribute = (dimension: string): boolean => /^visit:(country|device|browser|os)(_version)?$/.test(dimension);

/** Whether a may stand beside b, seen from a. */
function admits(a: string, b: string): boolean {
  if (lone.test(a)) return false;
  if (place.test(a)) return places.test(b);
  if (tag.test(a)) return tags.test(b);
  if (property.test(a)) return b === "event:name" || (b === "event:goal" && a !== "event:property");
  if (a === "event:previous_page") return b === "event:page";
  if (a === "visit:exit_page") return b !== "event:page" && b !== "event:name" && !defined.test(b);
  if (defined.test(a)) return !defined.test(b) && b !== "event:name";
  return true;
}

/** The filters with those that segments stand for, as far as they say what is asked about. */
export function expand(filters: Filter[], site: Site): Filter[] {
  return filters.flatMap((f) => {
    if (f.dimension !== "segment") return [f];
    return (site.segments ?? []).filter((s) => f.values.includes(s.name)).flatMap((s) => s.filters.flatMap(leaves));
  });
}

/** The conditions within a filter as the Stats API has it, whatever joins them. */
function leaves(filter: unknown): Filter[] {
  if (!Array.isArray(filter)) return [];
  const [op, second, values] = filter as [FilterOp, unknown, unknown];
  if (typeof second === "string") return [{ op, dimension: second, values: Array.isArray(values) ? values.map(String) : [] }];
  const within = (Array.isArray(second) && Array.isArray(second[0]) ? second : [second]).flatMap(leaves);
  return op === "has_done" || op === "has_not_done" ? within.map((f) => ({ ...f, op })) : within;
}

function together(dimension: string, f: Filter): boolean {
  if (had(f)) return behaviour.test(dimension);
  return dimension === f.dimension || (admits(dimension, f.dimension) && admits(f.dimension, dimension));
}

/** Why a dimension cannot be shown under filters, undefined if it can. filtered says that one of them is counted on its own. */
export function barred(dimension: string, filters: Filter[], filtered = text.filteredAlone): string | undefined {
  const f = filters.find((f) => !together(dimension, f));
  if (!f) return undefined;
  const other = had(f) ? text.hadDone : dimensionName(f.dimension);
  for (const [one, of, alone] of [[dimension, dimensionName(dimension), text.countedAlone], [f.dimension, other, filtered]] as const) {
    if (lone.test(one) || place.test(one) || tag.test(one)) return alone(of);
  }
  return text.notTogether(dimensionName(dimension), other);
}

/** Why filters cannot hold together, undefined if they can. */
export function contrary(filters: Filter[]): string | undefined {
  for (const [i, f] of filters.entries()) {
    const reason = barred(f.dimension, filters.slice(i + 1), text.countedAlone);
    if (reason) return reason;
  }
  return undefined;
}

const ofPeople = ["visitors", "visits", "pageviews", "events", "views_per_visit", "bounce_rate", "visit_duration"];
const ofGoals = ["conversions", "conversion_rate", "total_revenue", "average_revenue"];
const ofPages = ["time_on_page", "scroll_depth", "exit_rate"];
const all = [...ofPeople, ...ofGoals, ...ofPages];

/** The metrics that go with one filter. */
function metricsWith(f: Filter): string[] {
  const d = f.dimension;
  if (had(f)) return ["visitors", "visits"];
  if (lonePeople.test(d)) return ["visitors"];
  if (property.test(d)) return ["visitors", "visits", "events", "conversions", "conversion_rate"];
  switch (d) {
    case "event:goal": return ["visitors", "visits", "pageviews", ...ofGoals];
    case "event:group": return ["visitors", "visits", "pageviews"];
    case "event:hostname":
    case "event:name": return ["visitors", "visits", "pageviews", "events", ...ofGoals];
    case "visit:exit_page_hostname": return ["visitors", "visits", "bounce_rate", "visit_duration", "exits"];
    case "visit:exit_page": return ["visitors", "visits", "bounce_rate", "visit_duration", "exits", "exit_rate"];
    case "event:page": return ["visitors", "visits", "pageviews", "bounce_rate", ...ofGoals, ...ofPages];
    default: return [...all, "exits"];
  }
}

/** The figures that can be told under these filters, in the order in which they are shown. */
export function figuresOf(filters: Filter[], site: Site): string[] {
  const goals = filters.find((f) => f.dimension === "event:goal" && !had(f));
  const page = filters.some((f) => f.dimension === "event:page");
  return all.filter((m) => {
    if (ofGoals.includes(m) && !goals) return false;
    if (/_revenue$/.test(m) && !oneCurrency(goals, site)) return false;
    if (ofPages.includes(m) && !page) return false;
    if (goals && m === "pageviews") return false; // a goal's views say less than its conversions
    return filters.every((f) => metricsWith(f).includes(m));
  });
}

/** What a figure is called: under a goal, visitors are those who reached it. */
export const figureName = (metric: string, filters: Filter[]): string =>
  metric === "visitors" && filters.some((f) => f.dimension === "event:goal" && !had(f)) ? text.converted : (metricNames[metric] ?? metric);

/** Those of some metrics that can be told under these filters. */
export const countable = (metrics: string[], filters: Filter[]): string[] => metrics.filter((m) => filters.every((f) => metricsWith(f).includes(m)));

/** Whether the goals of a filter have one currency among them; amounts in several are not added up. */
function oneCurrency(f: Filter | undefined, site: Site): boolean {
  const currencies = (site.goals ?? []).filter((g) => f?.op === "is" && f.values.includes(g.name)).map((g) => g.currency);
  return currencies.length > 0 && currencies.every((c) => c && c === currencies[0]);
}

/** What is kept by the day only. */
const daily = [lone, place, tag, property, defined];

/** Whether figures by the hour of a range go with these filters; what is filtered has hours from yesterday on. */
export function hasHours(filters: Filter[], from: string, yesterday: string): boolean {
  if (filters.length === 0) return true;
  return from >= yesterday && !filters.some((f) => daily.some((d) => d.test(f.dimension)));
}
