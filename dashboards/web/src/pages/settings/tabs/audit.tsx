// Who did what.
import { useState } from "preact/hooks";
import { locale } from "../../../language";
import { useLoaded } from "../../../load";
import { ErrorState, Skeleton } from "../../../states";
import { fetchAudit, type Entry } from "../access/api";
import { text } from "../access/strings";
import { text as shared } from "../strings";

const moment = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });

/** How many entries an answer has at most. */
const pageSize = 100;

export default function AuditTab() {
  const [before, setBefore] = useState<Entry[]>([]);
  const loaded = useLoaded(`audit ${before.length}`, (_, signal) => fetchAudit(before.length, signal));
  if (loaded.error) return <ErrorState message={loaded.error} retry={loaded.retry} />;
  if (!loaded.data) return <Skeleton rows={8} />;
  const latest = loaded.loading ? [] : loaded.data.entries;
  const entries = [...before, ...latest];
  return (
    <section class="card section" aria-label={text.audit}>
      <div class="section-head"><div><h2>{text.audit}</h2><p class="muted">{text.auditHint}</p></div></div>
      {entries.length === 0 ? <p class="muted none">{shared.none}</p> : (
        <div class="wide" tabIndex={0} role="group" aria-label={text.audit}>
          <table class="audit">
            <thead><tr><th scope="col">{text.when}</th><th scope="col">{text.who}</th><th scope="col">{text.what}</th><th scope="col">{text.site}</th></tr></thead>
            <tbody>
              {entries.map((e, i) => (
                <tr key={i}>
                  <td><time dateTime={e.time}>{moment.format(new Date(e.time))}</time></td>
                  <td>{text.nobody[e.user] ?? e.user}</td>
                  <td>{text.actions[e.action] ?? e.action}{e.object && e.object !== e.user && <>: <b>{e.object}</b></>}</td>
                  <td>{e.site}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {latest.length === pageSize && <p class="buttons"><button type="button" class="button quiet" onClick={() => setBefore(entries)}>{text.more}</button></p>}
    </section>
  );
}
