// Who is told of the site by mail or webhook: each week, each month, and at once when it has very many visitors, or none.
import { useState } from "preact/hooks";
import { language, languages } from "../../../language";
import { ErrorState, Skeleton } from "../../../states";
import { Refused, testReports, type Reports, type Sent } from "../api";
import { errorOf, Field, Lines, written, type Errors } from "../fields";
import { reason } from "../reasons";
import { text } from "../strings";
import type { TabProps } from "../tabs";
import { Undefined } from "../undefined";
import { useUnsaved } from "../unsaved";
import { useSettings, type SiteSettings } from "../use";

// Who begins reads what is written here.
const nobody: Reports = { weekly: [], monthly: [], notices: [], language };
const usualHour = 7;

export default function ReportsTab({ site, open }: TabProps) {
  const settings = useSettings(site);
  if (settings.error) return <ErrorState message={settings.error} retry={settings.retry} />;
  if (!site) return <Undefined open={open} />;
  if (!settings.data) return <Skeleton rows={5} />;
  if (settings.data.site.source === "figures") return <Undefined site={site.id} open={open} />;
  const { reports, receivers } = settings.data;
  const filed = reports?.source === "file";
  return (
    <section class="card section" aria-label={text.reports}>
      <div class="section-head">
        <div><h2>{text.reports}</h2><p class="muted">{text.reportsHint}</p></div>
        {filed && <span class="badge" title={text.fromFileHint}>{text.fromFile}</span>}
      </div>
      {reports?.problem && <p class="wrong">{text.doesNotHold(reason(reports.problem))}</p>}
      <p class="muted">{receivers.mail ? text.mailReady : text.noMail} {receivers.webhooks.length > 0 && text.webhooks(receivers.webhooks.join(", "))}</p>
      {filed ? <Facts reports={reports} /> : <Form key={JSON.stringify(reports)} site={site.id} reports={reports ?? nobody} settings={settings} />}
      {filed && <Test site={site.id} ready={hasReceivers(reports)} />}
    </section>
  );
}

const hasReceivers = (r: Reports): boolean => r.weekly.length + r.monthly.length + r.notices.length > 0;

function Facts({ reports: r }: { reports: Reports }) {
  const list = (names: string[]) => names.join(", ") || text.nobody;
  return (
    <dl class="facts">
      <dt>{text.weekly}</dt><dd>{list(r.weekly)}</dd>
      <dt>{text.monthly}</dt><dd>{list(r.monthly)}</dd>
      <dt>{text.notices}</dt><dd>{list(r.notices)}</dd>
      <dt>{text.spike}</dt><dd>{r.spike ? r.spike : text.never}</dd>
      <dt>{text.sentAt}</dt><dd>{text.oclock(r.hour ?? usualHour)}</dd>
    </dl>
  );
}

/** What is sent of the form; nobody is said by nothing. */
function bodyOf(r: Reports): Reports | null {
  const body = { ...r, weekly: written(r.weekly), monthly: written(r.monthly), notices: written(r.notices) };
  if (!hasReceivers(body)) return null;
  const all = [...body.weekly, ...body.monthly, ...body.notices];
  const others = Object.entries(r.languages ?? {}).filter(([name]) => all.includes(name));
  const { weekly, monthly, notices, language, hour, spike, drop } = body;
  return {
    weekly, monthly, notices, ...(language ? { language } : {}), ...(others.length > 0 ? { languages: Object.fromEntries(others) } : {}),
    ...(hour !== undefined && hour !== usualHour ? { hour } : {}), ...(spike ? { spike } : {}), ...(notices.length > 0 && drop === false ? { drop } : {}),
  };
}

function Form({ site, reports, settings }: { site: string; reports: Reports; settings: SiteSettings }) {
  const { source: _, problem: __, ...begun } = reports as Reports & { source?: string; problem?: string };
  const [value, setValue] = useState<Reports>(begun);
  const [errors, setErrors] = useState<Errors>({});
  const body = bodyOf(value);
  const dirty = JSON.stringify(body) !== JSON.stringify(bodyOf(begun));
  useUnsaved(dirty);
  const set = (change: Partial<Reports>) => setValue({ ...value, ...change });
  const save = async (e: Event) => {
    e.preventDefault();
    try {
      await settings.change({ kind: "reports", body });
      setErrors({});
    } catch (e) {
      setErrors({ [e instanceof Refused ? e.field : ""]: e instanceof Error ? e.message : text.failed });
    }
  };
  const lines = (field: "weekly" | "monthly" | "notices", label: string, hint: string) => (
    <Lines label={label} hint={hint} lines={value[field]} set={(next) => set({ [field]: next })} error={errorOf(errors, field)} placeholder="ada@example.org" />
  );
  return (
    <>
      <form class="editor" aria-label={text.reports} onSubmit={save}>
        {lines("weekly", text.weekly, text.weeklyHint)}
        {lines("monthly", text.monthly, text.monthlyHint)}
        {lines("notices", text.notices, text.noticesHint)}
        <Field label={text.spike} hint={text.spikeHint} error={errorOf(errors, "spike")}>
          {(a) => <input {...a} class="control" type="number" min={0} value={value.spike ?? 0} onInput={(e) => set({ spike: Math.round(e.currentTarget.valueAsNumber) || 0 })} />}
        </Field>
        <label class="check"><input type="checkbox" checked={value.drop !== false} onChange={(e) => set({ drop: e.currentTarget.checked })} />{text.drop}</label>
        <div class="pair">
          <Field label={text.sentAt} hint={text.sentAtHint} error={errorOf(errors, "hour")}>
            {(a) => (
              <select {...a} class="control" value={value.hour ?? usualHour} onChange={(e) => set({ hour: Number(e.currentTarget.value) })}>
                {Array.from({ length: 24 }, (_, h) => <option key={h} value={h}>{text.oclock(h)}</option>)}
              </select>
            )}
          </Field>
          <Field label={text.reportLanguage} error={errorOf(errors, "language")}>
            {(a) => (
              <select {...a} class="control" value={value.language || "en"} onChange={(e) => set({ language: e.currentTarget.value as "en" | "de" })}>
                {Object.entries(languages).map(([id, name]) => <option key={id} value={id}>{name}</option>)}
              </select>
            )}
          </Field>
        </div>
        {errors[""] && <p class="wrong" role="alert">{errors[""]}</p>}
        <p class="buttons"><button class="button" disabled={!dirty}>{text.save}</button></p>
      </form>
      <Test site={site} ready={!dirty && hasReceivers(begun)} />
    </>
  );
}

/** Sends a report now, to those who are saved. */
function Test({ site, ready }: { site: string; ready: boolean }) {
  const [busy, setBusy] = useState(false);
  const [sent, setSent] = useState<Sent[]>();
  const [wrong, setWrong] = useState("");
  const test = async () => {
    setBusy(true);
    setWrong("");
    await testReports(site).then(setSent, (e: unknown) => setWrong(e instanceof Error ? e.message : text.failed));
    setBusy(false);
  };
  return (
    <div class="report-test">
      <button type="button" class="button quiet" disabled={!ready || busy} onClick={test}>{busy ? text.testing : text.testReports}</button>
      <p class="muted">{text.testReportsHint}</p>
      <div role="status">
        {sent && <ul>{sent.map((s) => <li key={s.receiver} class={s.delivered ? "" : "wrong"}>{s.receiver}: {s.delivered ? text.delivered : text.notDelivered}</li>)}</ul>}
      </div>
      {wrong && <p class="wrong" role="alert">{wrong}</p>}
    </div>
  );
}
