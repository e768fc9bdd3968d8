// A card with the values of one dimension and their figures, the largest first.
import { useState } from "preact/hooks";
import { amount, type WireFilter } from "./api";
import { exact, share } from "./format";
import { local } from "./language";
import { useQuery } from "./load";
import type { SiteScope } from "./sitepage";
import { EmptyState, ErrorState, Skeleton } from "./states";
import { metricNames, text } from "./strings";
import "./style/ranking.css";

const words = local({ en: { more: "Show more", less: "Show fewer" }, de: { more: "Mehr zeigen", less: "Weniger zeigen" } });

interface Props {
  title: string;
  /** The first is the one that is ranked by. */
  metrics: string[];
  /** What they are called, if not by their own names. */
  headings?: string[];
  name: (value: string) => string;
  empty: string;
  /** What the shares are of; undefined shows none. */
  total?: number | undefined;
  /** Chooses a value; undefined makes plain rows. */
  choose?: ((value: string) => void) | undefined;
  chosen?: string | undefined;
}

const few = 9;
const many = 200;

/** A card whose rows are asked for. */
export function Ranking({ scope, dimension, filters = [], ...card }: Props & { scope: SiteScope; dimension: string; filters?: WireFilter[] }) {
  const [whole, setWhole] = useState(false);
  const answer = useQuery(scope.ask(card.metrics, { dimensions: [dimension], filters, pagination: { limit: whole ? many : few + 1, offset: 0 } }));
  const rows = answer.data?.results.map((r) => ({ value: r.dimensions[0] ?? "", figures: r.metrics.map(amount) })).filter((r) => (r.figures[0] ?? 0) > 0);
  return <RankingCard {...card} rows={rows} stale={answer.loading} error={answer.error} retry={answer.retry} whole={whole} setWhole={setWhole} />;
}

interface CardProps extends Props {
  /** undefined while they are not known. */
  rows: { value: string; figures: number[] }[] | undefined;
  stale: boolean;
  error: string | undefined;
  retry: () => void;
  /** All rows are shown, not only the first. */
  whole: boolean;
  setWhole: (whole: boolean) => void;
}

/** A card whose rows are known. */
export function RankingCard({ title, metrics, headings, name, empty, total, choose, chosen, rows, stale, error, retry, whole, setWhole }: CardProps) {
  const most = Math.max(1, rows?.[0]?.figures[0] ?? 0);
  return (
    <section class="card panel ranking" aria-label={title} style={{ "--figures": metrics.length }}>
      <div class="panel-head"><h2>{title}</h2></div>
      {error !== undefined ? (
        <ErrorState message={error} retry={retry} />
      ) : !rows ? (
        <Skeleton rows={few} />
      ) : rows.length === 0 ? (
        <EmptyState>{empty}</EmptyState>
      ) : (
        <div class={stale ? "panel-body stale" : "panel-body"}>
          <div class="list-head" aria-hidden="true"><span />{metrics.map((m, i) => <span key={m} class="number">{headings?.[i] ?? metricNames[m]}</span>)}</div>
          <ol class="list">
            {rows.slice(0, whole ? many : few).map((r) => (
              <li key={r.value} class="row">
                <span class="bar" style={{ "--part": (r.figures[0] ?? 0) / most }} />
                {choose ? (
                  <button type="button" class="label" aria-pressed={chosen === r.value} title={text.filterBy(name(r.value))} onClick={() => choose(r.value)}><span class="text">{name(r.value)}</span></button>
                ) : (
                  <span class="label" title={name(r.value)}><span class="text">{name(r.value)}</span></span>
                )}
                {total !== undefined && <span class="share">{share(r.figures[0] ?? 0, total)}</span>}
                {metrics.map((m, i) => <span key={m} class="number">{exact(m, r.figures[i] ?? null)}</span>)}
              </li>
            ))}
          </ol>
          {(rows.length > few || whole) && (
            <button type="button" class="button quiet all" onClick={() => setWhole(!whole)}>{whole ? words.less : words.more}<span class="hidden"> {title}</span></button>
          )}
        </div>
      )}
    </section>
  );
}
