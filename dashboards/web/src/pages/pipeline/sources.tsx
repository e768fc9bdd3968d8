// Each source: how it is, how fast it reads, how far it is behind, and what it cannot use.
import { bytes, duration } from "../../format";
import { EmptyState } from "../../states";
import { Sparkline } from "./sparkline";
import { count, rate, words } from "./strings";
import type { Level, Source } from "./status";

const levels: Record<Source["state"], Level> = { reading: "green", quiet: "green", behind: "amber", missing: "amber", unknown_format: "red" };

export function Sources({ sources }: { sources: Source[] }) {
  return (
    <section class="card block" aria-labelledby="sources">
      <h2 id="sources">{words.sources}</h2>
      {sources.length === 0 ? (
        <EmptyState>{words.noSources} {words.noSourcesHint}</EmptyState>
      ) : (
        <div class="wide" tabIndex={0} role="group" aria-labelledby="sources">
          <table>
            <thead>
              <tr><th>{words.source}</th><th>{words.state}</th><th class="number">{words.speed}</th><th class="history">{words.lastHalfHour}</th><th class="number">{words.lag}</th><th class="number">{words.rejected}</th></tr>
            </thead>
            <tbody>{sources.map((s) => <Row key={s.name} source={s} />)}</tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Row({ source }: { source: Source }) {
  return (
    <tr>
      <th scope="row"><span class="path">{source.name}</span><span class="muted small">{source.site || words.byHost} · {source.format}</span></th>
      <td><span class="badge" data-level={levels[source.state]}>{words.states[source.state]}</span></td>
      <td class="number">{rate(source.lines_per_second)}</td>
      <td class="history"><Sparkline values={source.history} label={`${source.name}: ${words.lastHalfHour}`} /></td>
      <td class="number">{source.lag_bytes > 0 || source.lag_seconds > 0 ? <>{duration(source.lag_seconds)}<span class="muted small">{bytes(source.lag_bytes)}</span></> : "–"}</td>
      <td class="number"><Rejects source={source} /></td>
    </tr>
  );
}

function Rejects({ source }: { source: Source }) {
  const reasons = Object.entries(source.rejects).sort(([, a], [, b]) => b - a);
  if (reasons.length === 0) return <>–</>;
  return (
    <details class="reasons">
      <summary title={words.reasons}>{count(source.rejected)}</summary>
      <ul>{reasons.map(([reason, n]) => <li key={reason}><span>{reason}</span> <b>{count(n)}</b></li>)}</ul>
    </details>
  );
}
