// Periods and the days they stand for, in the time zone of the site. A day is written as "2026-05-17"; arithmetic is
// done on UTC midnights, so that no daylight saving of the browser's own zone can shift a day.

export type Period =
  | "realtime" | "day" | "yesterday" | "7d" | "28d" | "30d" | "91d" | "lastweek" | "month" | "lastmonth" | "6mo" | "12mo" | "year" | "all" | "custom";
/** What figures are compared with. */
export type Compare = "previous" | "previous-weekdays" | "year" | "year-weekdays" | "none";
export type Interval = "hour" | "day" | "week" | "month";

/** First and last day, both included. */
export interface Range {
  from: string;
  to: string;
}

export const defaultPeriod: Period = "28d";

export interface Choice {
  period: Period;
  key: string;
  /** Begins a new group of the menu. */
  line?: boolean;
}

/** The present, which only the statistics show. */
export const present: Choice = { period: "realtime", key: "R" };

/** The periods of the menu with the keys that choose them, Plausible's where it has one. */
export const periods: Choice[] = [
  { period: "day", key: "D" },
  { period: "yesterday", key: "E" },
  { period: "7d", key: "W", line: true },
  { period: "28d", key: "F" },
  { period: "30d", key: "T" },
  { period: "91d", key: "N" },
  { period: "lastweek", key: "K", line: true },
  { period: "month", key: "M" },
  { period: "lastmonth", key: "P" },
  { period: "6mo", key: "S" },
  { period: "12mo", key: "L" },
  { period: "year", key: "Y" },
  { period: "all", key: "A", line: true },
];

const dayMs = 86_400_000;
const iso = (ms: number) => new Date(ms).toISOString().slice(0, 10);
const ms = (day: string) => Date.parse(day + "T00:00:00Z");

export const isDay = (s: string | null | undefined): s is string =>
  !!s && /^\d{4}-\d\d-\d\d$/.test(s) && !Number.isNaN(ms(s)) && iso(ms(s)) === s;

export const addDays = (day: string, n: number) => iso(ms(day) + n * dayMs);
export const daysIn = (r: Range) => Math.round((ms(r.to) - ms(r.from)) / dayMs) + 1;

/** The same day n months on, the month's last day where it has no such day. */
export function addMonths(day: string, n: number): string {
  const d = new Date(ms(day));
  const first = Date.UTC(d.getUTCFullYear(), d.getUTCMonth() + n, 1);
  const length = new Date(Date.UTC(d.getUTCFullYear(), d.getUTCMonth() + n + 1, 0)).getUTCDate();
  return iso(first + (Math.min(d.getUTCDate(), length) - 1) * dayMs);
}

const monthStart = (day: string) => day.slice(0, 8) + "01";
const monthEnd = (day: string) => addDays(addMonths(monthStart(day), 1), -1);

/** Today in a time zone. */
export function today(timezone: string, now: Date): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone: timezone, year: "numeric", month: "2-digit", day: "2-digit" }).format(now);
}

/**
 * The days of a period. data is the span that has data, if any; custom the two days chosen by hand. As in the Stats
 * API and in Plausible, "last" days and months are whole ones: today, and this month, are not among them.
 */
export function rangeOf(period: Period, now: string, data?: Range, custom?: Range): Range {
  const back = (n: number) => ({ from: addDays(now, -n), to: addDays(now, -1) });
  const monthsBack = (n: number) => ({ from: addMonths(monthStart(now), -n), to: addDays(monthStart(now), -1) });
  switch (period) {
    case "realtime":
    case "day": return { from: now, to: now };
    case "yesterday": return { from: addDays(now, -1), to: addDays(now, -1) };
    case "7d": return back(7);
    case "28d": return back(28);
    case "30d": return back(30);
    case "91d": return back(91);
    case "lastweek": {
      const monday = addDays(now, -((new Date(ms(now)).getUTCDay() + 6) % 7));
      return { from: addDays(monday, -7), to: addDays(monday, -1) };
    }
    case "month": return { from: monthStart(now), to: now };
    case "lastmonth": return monthsBack(1);
    case "6mo": return monthsBack(6);
    case "12mo": return monthsBack(12);
    case "year": return { from: now.slice(0, 5) + "01-01", to: now };
    case "all": return data ?? { from: now, to: now };
    case "custom": return custom ?? back(28);
  }
}

/** The range before this one to compare it with: whole months with whole months, else as many days. */
export function shift(r: Range, by: -1 | 1): Range {
  if (r.from === monthStart(r.from) && r.to === monthEnd(r.to)) {
    const months = (+r.to.slice(0, 4) - +r.from.slice(0, 4)) * 12 + (+r.to.slice(5, 7) - +r.from.slice(5, 7)) + 1;
    const from = addMonths(r.from, by * months);
    return { from, to: monthEnd(addMonths(from, months - 1)) };
  }
  const n = daysIn(r) * by;
  return { from: addDays(r.from, n), to: addDays(r.to, n) };
}

/** The range that one is compared with, undefined for none. */
export function earlier(r: Range, compare: Compare): Range | undefined {
  switch (compare) {
    case "previous": return shift(r, -1);
    case "previous-weekdays": return sameWeekdays(r, addDays(r.from, -daysIn(r)));
    case "year": return { from: addMonths(r.from, -12), to: addMonths(r.to, -12) };
    case "year-weekdays": return sameWeekdays(r, addMonths(r.from, -12));
    case "none": return undefined;
  }
}

/** As many days as a range, from the day on that is nearest to another one and the same of the week, but not the range itself. */
function sameWeekdays(r: Range, to: string): Range {
  const weekday = (day: string) => new Date(ms(day)).getUTCDay();
  const after = addDays(to, (7 + weekday(r.from) - weekday(to)) % 7);
  const before = addDays(to, -((7 + weekday(to) - weekday(r.from)) % 7));
  const from = after === r.from || ms(after) - ms(to) > ms(to) - ms(before) ? before : after;
  return { from, to: addDays(from, daysIn(r) - 1) };
}

/**
 * The hours of an earlier day, up to the hour that runs now, as two times: what a day that is not over is compared
 * with. now is a moment of that unfinished day in the time zone.
 */
export function sameHours(timezone: string, now: Date, before: string): [string, string] {
  const hour = new Intl.DateTimeFormat("en-GB", { timeZone: timezone, hour: "2-digit", hourCycle: "h23" }).format(now);
  const at = (time: string) => `${before}T${time}${offset(timezone, Date.parse(`${before}T${time}Z`))}`;
  return [at("00:00:00"), at(`${hour}:59:59`)];
}

/** What a time zone's clock is ahead of UTC at a moment of wall-clock time, as +02:00. */
function offset(timezone: string, wallClock: number): string {
  const format = new Intl.DateTimeFormat("en", { timeZone: timezone, timeZoneName: "longOffset" });
  const read = (at: number) => format.formatToParts(at).find((p) => p.type === "timeZoneName")?.value.slice(3) || "+00:00";
  // The first guess takes the wall clock for UTC; with its offset the moment is known closely enough.
  const guess = read(wallClock);
  return read(wallClock + Date.parse(`1970-01-01T00:00:00${guess}`));
}

/** Whether two ranges have a day in common. */
export const overlap = (a: Range, b: Range) => a.from <= b.to && b.from <= a.to;

/** The intervals that make sense for a range; the first is the default. hours says whether there are figures by the hour. */
export function intervalsOf(r: Range, hours = true): Interval[] {
  const n = daysIn(r);
  if (n <= 14 && !hours) return ["day"];
  if (n <= 1) return ["hour"];
  if (n <= 4) return ["hour", "day"];
  if (n <= 14) return ["day", "hour"];
  if (n <= 120) return ["day", "week"];
  if (n <= 180) return ["week", "day", "month"];
  return ["month", "week", "day"];
}
