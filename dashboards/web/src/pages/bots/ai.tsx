// Who reads for artificial intelligence, what, and how much, day by day.
import { Fragment } from "preact";
import { useState } from "preact/hooks";
import type { WireFilter } from "../../api";
import { exact, valueName } from "../../format";
import { useQuery } from "../../load";
import type { SiteScope } from "../../sitepage";
import { stackOf } from "../../stacked";
import { EmptyState, ErrorState, Skeleton } from "../../states";
import { metricNames } from "../../strings";
import { botName, className, text } from "./strings";

export const aiClasses = ["AI crawler", "AI search", "AI assistant"];
const shown = ["requests", "bytes", "errors"];
const ofAI: WireFilter[] = [["is", "event:bot_class", aiClasses]];

export function AIReport({ scope }: { scope: SiteScope }) {
  const [open, setOpen] = useState<string>();
  const bots = useQuery(scope.ask(["requests", "bytes", "errors"], { dimensions: ["event:bot", "event:bot_class"], filters: ofAI, pagination: { limit: 100, offset: 0 } }));
  const daily = useQuery(scope.ask(["requests"], {
    dimensions: ["time:day", "event:bot"], filters: ofAI, include: { time_labels: true }, pagination: { limit: 10_000, offset: 0 },
  }));
  const rows = bots.data?.results ?? [];
  return (
    <>
      <div class="section-head"><h2>{text.aiTitle}</h2><p>{text.aiLead}</p></div>
      <section class={bots.loading ? "card wide stale" : "card wide"} aria-label={text.aiTitle}>
        {bots.error ? (
          <ErrorState message={bots.error} retry={bots.retry} />
        ) : !bots.data ? (
          <Skeleton rows={4} />
        ) : rows.length === 0 ? (
          <EmptyState>{text.aiNone}</EmptyState>
        ) : (
          <table>
            <thead>
              <tr>
                <th scope="col">{text.who}</th><th scope="col">{text.purpose}</th><th scope="col" class="daily">{text.perDay}</th>
                {shown.map((m) => <th key={m} scope="col" class="amount">{metricNames[m]}</th>)}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ dimensions: [bot = "", of = ""], metrics }) => (
                <Fragment key={bot}>
                  <tr>
                    <th scope="row">
                      <button type="button" class="opens" aria-expanded={open === bot} title={text.show(botName(bot))} onClick={() => setOpen(open === bot ? undefined : bot)}>{botName(bot)}</button>
                    </th>
                    <td>{className(of)}</td>
                    <td class="daily">{daily.data && <Spark values={stackOf(only(daily.data, bot), String).parts[0]?.values ?? []} />}</td>
                    {shown.map((m, i) => <td key={m} class="amount">{exact(m, metrics[i] ?? null)}</td>)}
                  </tr>
                  {open === bot && <tr><td colSpan={6}><PagesOf scope={scope} bot={bot} /></td></tr>}
                </Fragment>
              ))}
            </tbody>
          </table>
        )}
      </section>
    </>
  );
}

type Answer = NonNullable<ReturnType<typeof useQuery>["data"]>;

const only = (answer: Answer, bot: string): Answer => ({ ...answer, results: answer.results.filter((r) => r.dimensions[1] === bot) });

/** A small graph beside a row; the figures of the row say the same in sum. */
function Spark({ values }: { values: number[] }) {
  const most = Math.max(1, ...values);
  const step = 120 / Math.max(1, values.length);
  return (
    <svg class="spark" width="120" height="26" viewBox="0 0 120 26" preserveAspectRatio="none" aria-hidden="true">
      {values.map((v, i) => v > 0 && <rect key={i} x={i * step} y={26 - (24 * v) / most} width={Math.max(0.8, step * 0.8)} height={(24 * v) / most} />)}
    </svg>
  );
}

function PagesOf({ scope, bot }: { scope: SiteScope; bot: string }) {
  const pages = useQuery(scope.ask(["requests", "bytes"], { dimensions: ["event:page"], filters: [["is", "event:bot", [bot]]], pagination: { limit: 25, offset: 0 } }));
  if (pages.error) return <ErrorState message={pages.error} retry={pages.retry} />;
  if (!pages.data) return <Skeleton rows={3} />;
  return (
    <ol class="read" aria-label={text.show(botName(bot))}>
      {pages.data.results.map((r) => (
        <li key={r.dimensions[0]}><span>{valueName("event:page", r.dimensions[0] ?? "")}</span><b>{exact("requests", r.metrics[0] ?? null)}</b><small>{exact("bytes", r.metrics[1] ?? null)}</small></li>
      ))}
    </ol>
  );
}
