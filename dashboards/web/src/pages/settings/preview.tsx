// How many visitors something would have matched, as far as the Stats API can tell it of days gone by.
import { useEffect, useState } from "preact/hooks";
import type { Answer } from "../../api";
import { fetchQuery, total } from "../../api";
import { exact } from "../../format";
import { useLoaded } from "../../load";
import { text } from "./strings";

/** Filters as the Stats API takes them; null where it could not tell. */
export type Filters = unknown[] | null;

/** The regular expression of patterns of pages, in which * stays within a part of the path and ** does not. */
export function expression(pages: string[]): string {
  const one = (p: string) => p.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replace(/\*+/g, (s) => (s.length > 1 ? ".*" : "[^/]*"));
  return `^(?s:${pages.map(one).join("|")})$`;
}

export const pageFilters = (pages: string[]): Filters =>
  pages.length > 0 && pages.every((p) => p.startsWith("/")) ? [["matches", "event:page", [expression(pages)]]] : null;

export const eventFilters = (event: string): Filters => (event ? [["is", "event:name", [event]]] : null);

/** What was typed last, once nothing is typed for a moment: not every letter is asked about. */
export function useSettled<T>(typed: T): T {
  const [settled, setSettled] = useState(typed);
  useEffect(() => {
    const soon = setTimeout(() => setSettled(typed), 400);
    return () => clearTimeout(soon);
  }, [typed]);
  return settled;
}

export function Matched({ site, filters }: { site: string; filters: Filters }) {
  const asked = filters && JSON.stringify({ site_id: site, metrics: ["visitors"], date_range: "28d", filters });
  const question = useSettled(asked);
  const answer = useLoaded<Answer>(question, fetchQuery);
  if (!filters || answer.error) return null;
  const visitors = total(answer.data, "visitors");
  return (
    <p class={`matched ${answer.loading ? "stale" : ""}`} role="status">
      {visitors === undefined ? text.matching : text.matched(exact("visitors", visitors), Number(visitors))}
    </p>
  );
}
