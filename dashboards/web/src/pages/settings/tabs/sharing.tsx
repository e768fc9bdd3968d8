// Links to the statistics of a site, and whether everybody may read them.
import { useState } from "preact/hooks";
import { sendJSON } from "../../../api";
import { day } from "../../../format";
import { useLoaded } from "../../../load";
import { may, useSession } from "../../../session";
import { ErrorState, Skeleton } from "../../../states";
import { errorsOf, fetchSharing, type Link, type Sharing } from "../access/api";
import { Remove } from "../access/removable";
import { text } from "../access/strings";
import { Copy, Input, Lines, Password, written, type Errors } from "../fields";
import { text as shared } from "../strings";
import type { TabProps } from "../tabs";
import { Undefined } from "../undefined";
import { useUnsaved } from "../unsaved";

/** An address of shared statistics, and the HTML that shows them in a page. */
const address = (of: Record<string, string>): string => `${location.origin}/shared?${new URLSearchParams(of)}`;
const frame = (of: Record<string, string>): string =>
  `<iframe title="Klar" width="100%" height="900" loading="lazy" src="${address({ ...of, embed: "1" }).replaceAll("&", "&amp;")}"></iframe>`;

export default function SharingTab({ site, open }: TabProps) {
  const [version, setVersion] = useState(0);
  const [made, setMade] = useState<Link>();
  const session = useSession();
  const loaded = useLoaded(site ? `${site.id} ${version}` : null, (_, signal) => fetchSharing(site?.id ?? "", signal));
  if (!site) return <Undefined open={open} />;
  if (loaded.error) return <ErrorState message={loaded.error} retry={loaded.retry} />;
  if (!loaded.data) return <Skeleton rows={4} />;
  const again = (link?: Link) => {
    setMade(link);
    setVersion(version + 1);
  };
  return (
    <>
      <section class="card section" aria-label={text.links}>
        <div class="section-head"><div><h2>{text.links}</h2><p class="muted">{text.linksHint(site.id)}</p></div></div>
        {made?.secret && (
          <div class="secret" role="status">
            <h3>{made.name}</h3>
            <p>{text.once}</p>
            <Copy label={text.theLink} value={address({ link: made.secret })} />
            {made.origins.length > 0 && <><p>{text.frame}</p><Copy label={text.frame} value={frame({ link: made.secret })} /></>}
          </div>
        )}
        <LinkForm site={site.id} done={again} />
        {loaded.data.links.length === 0 && <p class="muted none">{shared.none}</p>}
        <ul class="entries">
          {loaded.data.links.map((l) => (
            <li key={l.id} class="entry">
              <div class="what">
                <b>{l.name}</b>
                <span class="muted">{[...said(l), text.made(day(l.made), l.by)].join(", ")}</span>
              </div>
              {l.over && <span class="badge">{text.over}</span>}
              <span class="actions">
                <Remove name={l.name} question={text.removeLink(l.name)} path={`/api/links?${new URLSearchParams({ site_id: site.id, id: l.id })}`} removed={again} />
              </span>
            </li>
          ))}
        </ul>
      </section>
      {may(session.data, "owner", site.id) && <PublicForm key={version} site={site.id} sharing={loaded.data} done={again} />}
    </>
  );
}

/** What is special about a link. */
function said(l: Link): string[] {
  return [
    ...(l.password ? [text.withPassword] : []),
    // It ends with a day, at whose end the next one begins.
    ...(l.expires ? [text.until(day(localDay(new Date(Date.parse(l.expires) - 1))))] : []),
    ...(l.origins.length > 0 ? [text.framedBy(l.origins.join(", "))] : []),
  ];
}

const two = (n: number): string => String(n).padStart(2, "0");
const localDay = (d: Date): string => `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;

/** The end of a day, as the reader's clock has it. */
function endOf(last: string): string {
  const end = new Date(`${last}T00:00:00`);
  end.setDate(end.getDate() + 1);
  return end.toISOString();
}

function LinkForm({ site, done }: { site: string; done: (link: Link) => void }) {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [last, setLast] = useState("");
  const [origins, setOrigins] = useState<string[]>([]);
  const [errors, setErrors] = useState<Errors>({});
  useUnsaved(name !== "" || password !== "");
  const save = async (e: Event) => {
    e.preventDefault();
    try {
      const link = await sendJSON<Link>("POST", `/api/links?${new URLSearchParams({ site_id: site })}`, {
        name, password, expires: last ? endOf(last) : null, origins: written(origins),
      });
      setName("");
      setPassword("");
      setLast("");
      setOrigins([]);
      setErrors({});
      done(link);
    } catch (e) {
      setErrors(errorsOf(e));
    }
  };
  return (
    <form class="editor" aria-label={text.addLink} onSubmit={save}>
      <Input label={text.linkName} value={name} set={setName} error={errors["name"]} limit={80} placeholder={text.linkExample} />
      <div class="pair">
        <Password label={text.linkPassword} value={password} set={setPassword} error={errors["password"]} />
        <Input label={text.expires} type="date" value={last} set={setLast} error={errors["expires"]} />
      </div>
      <Lines label={text.origins} hint={text.originsHint} lines={origins} set={setOrigins} error={errors["origins"]} />
      {errors[""] && <p class="wrong" role="alert">{errors[""]}</p>}
      <p class="buttons"><button class="button">{text.addLink}</button></p>
    </form>
  );
}

function PublicForm({ site, sharing, done }: { site: string; sharing: Sharing; done: () => void }) {
  const [on, setOn] = useState(sharing.public);
  const [origins, setOrigins] = useState(sharing.origins);
  const [errors, setErrors] = useState<Errors>({});
  const save = async (e: Event) => {
    e.preventDefault();
    try {
      await sendJSON("PUT", `/api/public?${new URLSearchParams({ site_id: site })}`, { public: on, origins: on ? written(origins) : [] });
      done();
    } catch (e) {
      setErrors(errorsOf(e));
    }
  };
  return (
    <section class="card section" aria-label={text.public}>
      <div class="section-head"><div><h2>{text.public}</h2><p class="muted">{text.publicHint(site)}</p></div></div>
      <form class="editor" aria-label={text.public} onSubmit={save}>
        <p class="choice"><label><input type="checkbox" checked={on} onChange={(e) => setOn(e.currentTarget.checked)} />{text.makePublic}</label></p>
        {on && <Lines label={text.origins} hint={text.originsHint} lines={origins} set={setOrigins} error={errors["origins"]} />}
        {errors[""] && <p class="wrong" role="alert">{errors[""]}</p>}
        <p class="buttons"><button class="button">{shared.save}</button></p>
      </form>
      {sharing.public && <div><p>{text.publicAt}</p><Copy label={text.publicAt} value={address({ site })} /></div>}
      {sharing.public && sharing.origins.length > 0 && <div><p>{text.frame}</p><Copy label={text.frame} value={frame({ site })} /></div>}
    </section>
  );
}
