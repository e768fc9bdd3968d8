// Figures, days and names as the user reads them.
import { language, locale } from "./language";
import { regionOf } from "./regions";
import { dimensionNames, statusNames, text, valueNames } from "./strings";
import type { Value } from "./api";
import type { Interval, Range } from "./period";

const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 });
const tenth = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const fraction = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });
const percents = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
const countries = new Intl.DisplayNames([locale], { type: "region" });

const shares = new Set(["bounce_rate", "percentage", "conversion_rate", "group_conversion_rate", "exit_rate", "scroll_depth", "beaconless_rate"]);
const durations = new Set(["visit_duration", "time_on_page"]);

/** Whether a metric is a number of hundredths. */
export const isShare = (metric: string): boolean => shares.has(metric);
export const isDuration = (metric: string): boolean => durations.has(metric);

/** A figure in full: 12,345. */
export function exact(metric: string, value: Value): string {
  if (value === null) return "–";
  if (typeof value === "object") return new Intl.NumberFormat(locale, { style: "currency", currency: value.currency }).format(value.value);
  if (isShare(metric)) return percent(value);
  if (isDuration(metric)) return duration(value);
  switch (metric) {
    case "views_per_visit": return fraction.format(value);
    case "bytes": return bytes(value);
    default: return whole.format(value);
  }
}

/** A figure for a heading or an axis: 123k from 100,000 on. */
export function brief(metric: string, value: Value): string {
  const plain = !isShare(metric) && !isDuration(metric) && metric !== "views_per_visit" && metric !== "bytes";
  if (typeof value === "number" && plain && Math.abs(value) >= 100_000) return short.format(value).replace("K", "k");
  return exact(metric, value);
}

/** A number of hundredths: 12% in English, 12 % in German. */
export const percent = (value: number): string => percents.format(value / 100);

/** Seconds as 1h 2m, 2m 05s or 12s; in German with spaces and the signs of units. */
export function duration(seconds: number): string {
  const s = Math.round(seconds);
  const h = Math.floor(s / 3600);
  const m = Math.floor((s % 3600) / 60);
  const unit = language === "de" ? { h: "\u00a0h", m: "\u00a0min", s: "\u00a0s" } : { h: "h", m: "m", s: "s" };
  if (h > 0) return `${h}${unit.h} ${m}${unit.m}`;
  return m > 0 ? `${m}${unit.m} ${String(s % 60).padStart(2, "0")}${unit.s}` : `${s}${unit.s}`;
}

/** Bytes in decimal units. */
export function bytes(n: number): string {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  let i = 0;
  for (; n >= 1000 && i < units.length - 1; i++) n /= 1000;
  return `${(i === 0 || n >= 100 ? whole : n >= 10 ? tenth : fraction).format(n)} ${units[i]}`;
}

/** A share of a whole: 12%, 3.4%, <0.1%. */
export function share(part: number, total: number): string {
  if (total <= 0) return "";
  const p = (100 * part) / total;
  if (p > 0 && p < 0.1) return `<${percent(0.1)}`;
  return percent(p >= 10 ? Math.round(p) : p);
}

const dateFormat = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options });
const full = dateFormat({ day: "numeric", month: "short", year: "numeric" });
const bare = dateFormat({ day: "numeric", month: "short" });
const dayOnly = dateFormat({ day: "numeric" });
const weekday = dateFormat({ weekday: "short", day: "numeric", month: "short" });
const monthYear = dateFormat({ month: "short", year: "numeric" });
const clock = dateFormat({ hour: "2-digit", minute: "2-digit" });

const at = (day: string) => new Date(day + "T00:00:00Z");

export const day = (d: string) => full.format(at(d));

/** A range as short as it can be said: 17–20 May 2015. */
export function days(r: Range): string {
  if (r.from === r.to) return day(r.from);
  if (r.from.slice(0, 7) === r.to.slice(0, 7)) return `${dayOnly.format(at(r.from))}–${day(r.to)}`;
  if (r.from.slice(0, 4) === r.to.slice(0, 4)) return `${bare.format(at(r.from))} – ${day(r.to)}`;
  return `${day(r.from)} – ${day(r.to)}`;
}

/** A moment of the graph, given as milliseconds of wall-clock time. */
export function moment(ms: number, interval: Interval): string {
  const d = new Date(ms);
  switch (interval) {
    case "hour": return `${weekday.format(d)}, ${clock.format(d)}`;
    case "day": return weekday.format(d);
    case "week": return text.weekOf(bare.format(d));
    case "month": return monthYear.format(d);
  }
}

/** A tick of the graph's time axis. */
export function tick(ms: number, interval: Interval, oneDay: boolean): string {
  const d = new Date(ms);
  if (interval === "month") return monthYear.format(d);
  if (interval === "hour" && (oneDay || d.getUTCHours() !== 0)) return clock.format(d);
  return bare.format(d);
}

export const smallGroups = "(small groups)";
/** The previous page of a visit's first page view. */
export const entry = "(entry)";
const notSet = new Set(["", "(not set)", "(none)", "Direct / None"]);

/** Dimensions of which a value is counted only from the k-th person on that had it. */
const waits = /^visit:(provider|region|city)$/;

/** What is to be known of a row that does not stand for one value; undefined for all others. */
export function rowHint(dimension: string, value: string): string | undefined {
  if (value === smallGroups) return text.smallGroupsHint;
  return waits.test(dimension) && notSet.has(value) ? text.rareHint : undefined;
}

/** A path of which nothing but the payload of an attack was left out. */
const payload = "/…";

/** A row's name as the user reads it. */
export function valueName(dimension: string, value: string): string {
  if (value === smallGroups) return text.smallGroups;
  if (value === entry && dimension === "event:previous_page") return text.visitBegan;
  if (notSet.has(value)) {
    if (dimension === "visit:source" || dimension === "visit:referrer") return text.direct;
    if (waits.test(dimension)) return text.rare;
    return dimension.startsWith("visit:utm") ? text.noCampaign : dimension.startsWith(property) ? text.noValue : text.unknown;
  }
  if (dimension === "visit:country") return countryName(value);
  if (dimension === "visit:language") return languageName(value);
  if (dimension === "visit:region") return regionName(value);
  if (dimension === "event:status") return statusNames[value] ? `${value} ${statusNames[value]}` : value;
  if (value === payload && dimension === "event:page") return text.payload;
  return valueNames[dimension]?.[value] ?? value;
}

const tongues = new Intl.DisplayNames([locale], { type: "language" });

function languageName(code: string): string {
  try {
    return tongues.of(code) ?? code;
  } catch {
    return code;
  }
}

/** DE-BE as "Berlin, Germany", as "BE, Germany" while the names are not loaded. */
function regionName(code: string): string {
  const [country = "", region = ""] = code.split("-");
  return region ? `${regionOf(code) ?? region}, ${countryName(country)}` : code;
}

function countryName(code: string): string {
  try {
    return countries.of(code) ?? code;
  } catch {
    return code;
  }
}

const property = "event:props:";

export const dimensionName = (dimension: string): string =>
  dimension.startsWith(property) ? text.property(dimension.slice(property.length)) : (dimensionNames[dimension] ?? dimension);
