// Hits as they pass. Watching begins when somebody asks for it.
import { useState } from "preact/hooks";
import { fetchSites } from "../../api";
import { valueName } from "../../format";
import { useLoaded } from "../../load";
import { may, useSession } from "../../session";
import { EmptyState, ErrorState, Hint } from "../../states";
import { text } from "../../strings";
import { minute } from "./moment";
import { words } from "./strings";
import { useWatched, type Passed } from "./watch";

export function Tail() {
  const session = useSession();
  const sites = useLoaded("sites", (_, signal) => fetchSites(signal));
  const owned = (sites.data?.sites ?? []).filter((s) => may(session.data, "owner", s.id));
  const asked = new URLSearchParams(location.search).get("site");
  const [chosen, choose] = useState(asked);
  const site = owned.find((s) => s.id === chosen) ?? owned[0];
  const [watching, watch] = useState(false);
  const [hold, setHold] = useState(false);
  const [kind, setKind] = useState("");
  const [filter, setFilter] = useState("");
  const seen = useWatched(watching && site ? site.id : null, hold);
  if (!site) return null;
  const begin = (on: boolean) => {
    setHold(false);
    watch(on);
  };
  return (
    <section class="card block tail" aria-labelledby="tail">
      <div class="tail-head">
        <h2 id="tail">{words.tail}</h2>
        <div class="tools">
          {owned.length > 1 && (
            <select class="control" aria-label={text.site} value={site.id} onChange={(e) => choose(e.currentTarget.value)}>
              {owned.map((s) => <option key={s.id} value={s.id}>{s.id}</option>)}
            </select>
          )}
          {watching && (
            <>
              <select class="control" aria-label={words.tailKind} value={kind} onChange={(e) => setKind(e.currentTarget.value)}>
                <option value="">{words.tailAll}</option>
                {Object.entries(words.kindNames).map(([key, name]) => <option key={key} value={key}>{name}</option>)}
              </select>
              <input class="control" type="search" aria-label={words.tailFilter} placeholder={words.tailFilterHint} value={filter} onInput={(e) => setFilter(e.currentTarget.value)} />
              <button type="button" class="control" aria-pressed={hold} onClick={() => setHold(!hold)}>{hold ? words.tailResume : words.tailPause}</button>
            </>
          )}
          <button type="button" class={watching ? "button quiet" : "button"} onClick={() => begin(!watching)}>{watching ? words.tailStop : words.tailStart}</button>
        </div>
      </div>
      {!watching && <p class="muted">{words.tailIntro}</p>}
      {watching && (seen.failed ? (
        <ErrorState message={words.tailFailed} retry={() => begin(false)} />
      ) : (
        <Passing lines={seen.lines.filter((l) => (kind === "" || l.kind === kind) && matches(l, filter))} any={seen.lines.length > 0} />
      ))}
      {watching && (
        <p class="muted small" aria-live="polite">
          {hold && words.tailHeld(seen.held)}{hold && seen.skipped > 0 && " · "}{seen.skipped > 0 && words.tailSkipped(seen.skipped)}
        </p>
      )}
    </section>
  );
}

/** Whether anything that is shown of a line has the text. */
function matches(line: Passed, filter: string): boolean {
  const wanted = filter.trim().toLowerCase();
  if (wanted === "") return true;
  return [line.path, line.bot, line.status, line.method, line.origin, line.channel, line.country, line.device, line.browser, line.system]
    .some((v) => v !== undefined && String(v).toLowerCase().includes(wanted));
}

function Passing({ lines, any }: { lines: Passed[]; any: boolean }) {
  if (lines.length === 0) return <EmptyState>{any ? words.tailNoMatch : `${words.tailWaiting} …`}</EmptyState>;
  return (
    <div class="wide passing" tabIndex={0} role="group" aria-labelledby="tail">
      <table>
        <thead><tr><th>{words.minute}</th><th>{words.tailKind}</th><th>{words.hit} <Hint label={words.withheld}>{words.withheldHint}</Hint></th><th>{words.visitor}</th></tr></thead>
        <tbody>
          {lines.map((l) => (
            <tr key={l.id}>
              <td class="muted">{minute(l.minute)}</td>
              <td>{words.kindNames[l.kind] ?? l.kind}</td>
              <td class="path">
                {l.status ? <span class="status" data-bad={l.status >= 400 || undefined}>{l.status}</span> : null}
                {l.method && l.method !== "GET" && `${l.method} `}
                {l.withheld ? <i class="muted">{words.withheld}</i> : l.path}
              </td>
              <td class="muted">{l.bot ? <><span class="badge">Bot</span> {l.bot}</> : about(l)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What the crowd rule lets be said of the visitor. */
function about(l: Passed): string {
  const named = (dimension: string, value: string | undefined) => (value ? valueName(dimension, value) : undefined);
  return [named("visit:country", l.country), named("visit:device", l.device), l.browser, l.system, named("visit:channel", l.channel)].filter(Boolean).join(" · ");
}
