// Notes of days, as marks on the graph.
import type { ChartData } from "../../chart";
import { fetchAnnotations, type Annotation } from "../../api";
import { day } from "../../format";
import { useLoaded } from "../../load";
import type { Scope } from "./scope";

const none: Annotation[] = [];

/** The annotations of the site's days in the range; none while they are loaded, and where none can be. */
export function useAnnotations({ site, range }: Scope): Annotation[] {
  const { data } = useLoaded(site.id, fetchAnnotations);
  return data?.filter((a) => range.from <= a.day && a.day <= range.to) ?? none;
}

/** A mark at each day that has annotations, which says them on hover and on focus. */
export function Marks({ data, annotations }: { data: ChartData; annotations: Annotation[] }) {
  const first = data.x[0] ?? 0;
  const span = Math.max(1, (data.x.at(-1) ?? first) - first);
  const days = new Map<string, Annotation[]>();
  for (const a of annotations) days.set(a.day, [...(days.get(a.day) ?? []), a]);
  return (
    <ul class="marks">
      {[...days].map(([when, list]) => {
        const at = Math.min(1, Math.max(0, (Date.parse(when) - first) / span));
        return (
          <li key={when} class={at > 0.6 ? "mark hint left" : "mark hint"} style={{ "--at": at }}>
            <button type="button" aria-label={`${day(when)}: ${list.map((a) => a.text).join(". ")}`} />
            <span class="bubble" aria-hidden="true"><b>{day(when)}</b>{list.map((a) => <span key={a.id}>{a.text}</span>)}</span>
          </li>
        );
      })}
    </ul>
  );
}
