// What is to be known of figures: where they are approximate, or counted otherwise than their name says.
import { deletedUntil, type Meta } from "../../api";
import { day } from "../../format";
import { language } from "../../language";
import { Hint } from "../../states";
import { text } from "../../strings";

/** The reservations about an answer in the reader's language, each once. */
export function notesOf(meta: Meta | undefined, metric?: string): string[] {
  if (!meta) return [];
  const warned = Object.entries(meta.metric_warnings ?? {}).filter(([m]) => !metric || m === metric);
  const until = deletedUntil(meta);
  const missing = until ? [text.onlyTotals(day(until))] : [];
  return [...new Set([...missing, ...warned.map(([, w]) => said(w))])];
}

function said({ code, warning }: { code: string; warning: string }): string {
  switch (code) {
    case "visitors_per_value": return text.perValue;
    case "visits_per_value": return text.visitsPerValue;
    case "events_per_value": return text.eventsPerValue;
    case "visits_by_hour": return text.visitsByHour;
    case "before_definition": {
      if (language === "en") return warning;
      const since = /\d{4}-\d\d-\d\d/.exec(warning)?.[0];
      return text.beforeDefinition(since ? day(since) : "");
    }
    default: return warning;
  }
}

/** What stands where an answer has no rows, but for a hint what might bring some. */
export const nothing = (meta: Meta | undefined, hint = "") => (deletedUntil(meta) ? notesOf(meta).join(" ") : `${text.noData}${hint}.`);

/** What the shares of an answer's rows are of: all there is, unless that is also of days of which its rows are deleted. */
export const whole = (meta: Meta | undefined, all: number | undefined) => (deletedUntil(meta) ? undefined : all);

/** What the reservations come to, in a word. */
export const kindOf = (meta: Meta | undefined): string => (deletedUntil(meta) ? text.incomplete : text.approximate);

export function Notes({ meta }: { meta: Meta | undefined }) {
  const notes = notesOf(meta);
  if (notes.length === 0) return null;
  const label = kindOf(meta);
  return <span class="approximate"><Hint label={label}>{notes.join(" ")}</Hint>{label}</span>;
}
