// The sites that are measured, and what has to be put into their pages or their server.
import { useEffect, useState } from "preact/hooks";
import { may, useSession } from "../../../session";
import { ErrorState, Skeleton } from "../../../states";
import { change, Refused, type Definition } from "../api";
import { errorOf, Input, Lines, written, type Errors } from "../fields";
import { Install } from "../install";
import { Retention, spoken } from "../retention";
import { reason } from "../reasons";
import { text } from "../strings";
import type { TabProps } from "../tabs";
import { useUnsaved } from "../unsaved";
import { useSettings, type SiteSettings } from "../use";

export default function SitesTab({ site, sites, changed }: TabProps) {
  const settings = useSettings(site);
  const session = useSession();
  const [adding, setAdding] = useState(false);
  if (settings.error) return <ErrorState message={settings.error} retry={settings.retry} />;
  if (!session.data || (site && !settings.data)) return <Skeleton rows={5} />;
  const all = may(session.data, "owner");
  const fresh = adding || sites.length === 0;
  return (
    <>
      {fresh && all && <NewSite close={() => setAdding(false)} changed={changed} alone={sites.length === 0} />}
      {site && settings.data && (
        <Site key={site.id} id={site.id} settings={settings} owner={may(session.data, "owner", site.id)} changed={changed} add={all && !fresh ? () => setAdding(true) : undefined} />
      )}
      {site && <Install site={site.id} />}
    </>
  );
}

interface SiteProps {
  id: string;
  settings: SiteSettings;
  owner: boolean;
  changed: (site?: string) => void;
  /** Begins another site; undefined for who may not. */
  add: (() => void) | undefined;
}

function Site({ id, settings, owner, changed, add }: SiteProps) {
  const defined = settings.data!.site;
  const before: Definition = { hosts: defined.hosts, timezone: defined.timezone, retention: defined.retention };
  const [value, setValue] = useState(before);
  const [errors, setErrors] = useState<Errors>({});
  const [said, setSaid] = useState("");
  const body = bodyOf(value);
  const dirty = JSON.stringify(body) !== JSON.stringify(before);
  useUnsaved(dirty);
  const fixed = defined.source === "file" || !owner;
  const act = async (next: Definition | null) => {
    try {
      await settings.change({ kind: "sites", body: next });
      setErrors({});
      setSaid(next ? text.saved : text.siteRemoved(id));
      changed();
    } catch (e) {
      setErrors({ [e instanceof Refused ? e.field : ""]: e instanceof Error ? e.message : text.failed });
    }
  };
  return (
    <section class="card section" aria-label={id}>
      <div class="section-head">
        <div><h2>{id}</h2><p class="muted">{defined.source === "file" ? text.siteOfFile : defined.source === "figures" ? text.onlyFigures(id) : text.siteHint}</p></div>
        {add && <button type="button" class="button" onClick={add}>{text.addSite}</button>}
      </div>
      {defined.problem && <p class="wrong">{text.doesNotHold(reason(defined.problem))}</p>}
      {fixed ? <Facts {...before} /> : (
        <form class="editor" aria-label={id} onSubmit={(e) => { e.preventDefault(); void act(body); }}>
          <DefinitionFields value={value} set={setValue} errors={errors} />
          {errors[""] && <p class="wrong" role="alert">{errors[""]}</p>}
          <p class="buttons">
            <button class="button" disabled={!dirty && defined.source !== "figures"}>{defined.source === "figures" ? text.defineSite : text.save}</button>
            {defined.source === "interface" && (
              <button type="button" class="button quiet" onClick={() => confirm(text.removeSiteSure(id)) && act(null)}>{text.removeSite}</button>
            )}
            <span role="status" class="muted">{said}</span>
          </p>
        </form>
      )}
    </section>
  );
}

const bodyOf = (d: Definition): Definition => ({ hosts: written(d.hosts), timezone: d.timezone.trim(), retention: d.retention.trim() });

function Facts({ hosts, timezone, retention }: Definition) {
  return (
    <dl class="facts">
      <dt>{text.hosts}</dt><dd>{hosts.length > 0 ? hosts.join(", ") : text.noHosts}</dd>
      <dt>{text.timezone}</dt><dd>{timezone}</dd>
      <dt>{text.retention}</dt><dd>{spoken(retention)}</dd>
    </dl>
  );
}

interface FieldsProps {
  value: Definition;
  set: (value: Definition) => void;
  errors: Errors;
}

function DefinitionFields({ value, set, errors }: FieldsProps) {
  return (
    <>
      <Lines label={text.hosts} hint={text.hostsHint} lines={value.hosts} set={(hosts) => set({ ...value, hosts })} error={errorOf(errors, "hosts")} placeholder="www.example.org" />
      <div class="pair">
        <Input label={text.timezone} hint={text.timezoneHint} value={value.timezone} set={(timezone) => set({ ...value, timezone })} error={errors["timezone"]} list="zones" />
        <Retention value={value.retention} set={(retention) => set({ ...value, retention })} error={errors["retention"]} />
      </div>
      <datalist id="zones">{Intl.supportedValuesOf("timeZone").map((z) => <option key={z} value={z} />)}</datalist>
    </>
  );
}

interface NewProps {
  close: () => void;
  changed: (site?: string) => void;
  /** There is no other site yet. */
  alone: boolean;
}

function NewSite({ close, changed, alone }: NewProps) {
  const [id, setId] = useState("");
  const [value, setValue] = useState<Definition>({ hosts: [], timezone: Intl.DateTimeFormat().resolvedOptions().timeZone, retention: "" });
  const [errors, setErrors] = useState<Errors>({});
  const [made, setMade] = useState("");
  useUnsaved(id !== "" && made === "");
  // Not before the form counts as saved: going there would ask whether it may be lost.
  useEffect(() => {
    if (made) {
      changed(made);
      close();
    }
  }, [made]);
  const save = async (e: Event) => {
    e.preventDefault();
    if (!id.trim()) return setErrors({ id: text.idMissing });
    try {
      await change({ site: id.trim(), kind: "sites", body: bodyOf(value), tag: "" });
      setMade(id.trim());
    } catch (e) {
      const field = e instanceof Refused && (e.status === 428 || e.status === 409) ? "id" : e instanceof Refused ? e.field : "";
      setErrors({ [field]: field === "id" && e instanceof Refused && e.status !== 422 ? text.idTaken : e instanceof Error ? e.message : text.failed });
    }
  };
  return (
    <section class="card section" aria-label={text.addSite}>
      <div class="section-head"><div><h2>{text.addSite}</h2><p class="muted">{alone ? text.firstSiteHint : text.siteHint}</p></div></div>
      <form class="editor" onSubmit={save}>
        <Input label={text.siteId} hint={text.siteIdHint} value={id} set={setId} error={errors["id"]} placeholder="example.org" focus limit={255} />
        <DefinitionFields value={value} set={setValue} errors={errors} />
        {errors[""] && <p class="wrong" role="alert">{errors[""]}</p>}
        <p class="buttons">
          <button class="button">{text.addSite}</button>
          {!alone && <button type="button" class="button quiet" onClick={() => (id === "" || confirm(text.discard)) && close()}>{text.cancel}</button>}
        </p>
      </form>
    </section>
  );
}
