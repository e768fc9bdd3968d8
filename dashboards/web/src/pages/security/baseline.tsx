// Requests by the hour, what there usually is at that hour, and where it was not as usual.
import { amount } from "../../api";
import { days } from "../../format";
import { useQuery } from "../../load";
import { addDays, daysIn } from "../../period";
import type { SiteScope } from "../../sitepage";
import { Stacked } from "../../stacked";
import { EmptyState, ErrorState, Skeleton } from "../../states";
import { text } from "./strings";
import { daysBefore, usual } from "./usual";

const wallClock = (label: string) => Date.parse(label.replace(" ", "T") + "Z");

/** Beyond, hours cannot be told apart. */
const mostDays = 14;

export function Baseline({ scope, marks }: { scope: SiteScope; marks: number[] | undefined }) {
  const { from, to } = scope.range;
  const short = daysIn(scope.range) <= mostDays;
  const hours = { dimensions: ["time:hour"], pagination: { limit: 10_000, offset: 0 } };
  const answer = useQuery(short ? scope.ask(["requests"], { ...hours, include: { time_labels: true } }) : null);
  const before = useQuery(short ? { ...scope.ask(["requests"], hours), date_range: [addDays(from, -daysBefore), to] } : null);
  if (!short) return null;
  const figures = new Map(answer.data?.results.map((r) => [wallClock(r.dimensions[0] ?? ""), amount(r.metrics[0])]));
  const earlier = new Map(before.data?.results.map((r) => [wallClock(r.dimensions[0] ?? ""), amount(r.metrics[0])]));
  const times = (answer.data?.meta.time_labels ?? []).map(wallClock);
  const expected = usual(times, earlier, wallClock(`${scope.site.first ?? to} 00:00:00`));
  const known = expected.some((v) => v !== undefined);
  return (
    <section class="card graph" aria-label={text.allRequests}>
      <div class="graph-head"><h2><b>{text.requestsPerHour}</b>, {days(scope.range)}</h2></div>
      {answer.error ? (
        <ErrorState message={answer.error} retry={answer.retry} />
      ) : !answer.data ? (
        <Skeleton rows={5} />
      ) : figures.size === 0 ? (
        <EmptyState>{text.none}</EmptyState>
      ) : (
        <Stacked
          stack={{ times, parts: [{ name: text.allRequests, values: times.map((t) => figures.get(t) ?? 0) }] }}
          metric="requests" interval="hour" label={text.requestsPerHour} stale={answer.loading} marks={marks}
          usual={known ? { name: text.usual, values: expected } : undefined}
        />
      )}
    </section>
  );
}
