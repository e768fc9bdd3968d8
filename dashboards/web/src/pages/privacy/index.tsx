// The privacy page: for visitors first, then for who wants to know it exactly, then for the site's owner.
import { useEffect } from "preact/hooks";
import { ApiError, fetchJSON, fetchSession, fetchSites, type Site } from "../../api";
import { useLoaded } from "../../load";
import { may, useSession } from "../../session";
import { Shell } from "../../shell";
import { ErrorState } from "../../states";
import { text as shared } from "../../strings";
import { credits, type Facts } from "./facts";
import { Generator } from "./generator";
import { OptOut } from "./optout";
import { Story } from "./story";
import { text } from "./strings";
import { Read, Settings, Stored } from "./tables";
import "./privacy.css";

export default function Privacy() {
  const asked = new URLSearchParams(location.search).get("site");
  const sites = useLoaded("sites", (_, signal) => knownSites(signal));
  const known = sites.data?.sites ?? [];
  const id = asked ?? known.find((s) => s.last)?.id ?? known[0]?.id ?? "";
  const facts = useLoaded(asked !== null || sites.data ? id : null, load);
  useEffect(() => {
    document.title = `${text.title} · ${shared.appName}`;
  }, []);
  const site: Site | undefined = known.find((s) => s.id === id) ?? (facts.data?.site ? { id, timezone: "UTC", first: null, last: null } : undefined);
  return (
    <Shell
      sites={known}
      {...(site ? { site } : {})}
      chooseSite={(next) => location.assign(`/privacy?${new URLSearchParams({ site: next })}`)}
    >
      <main class="page privacy">
        {facts.error !== undefined ? (
          <ErrorState message={facts.error} retry={facts.retry} />
        ) : facts.data ? (
          <Page facts={facts.data} asked={asked} />
        ) : (
          <p class="muted" aria-busy="true">{shared.loading}…</p>
        )}
      </main>
    </Shell>
  );
}

/**
 * The sites that the asker may see. Who may see none may still read the page of the one that the address names, and is not
 * asked to sign in for the others.
 */
async function knownSites(signal: AbortSignal): Promise<{ sites: Site[] }> {
  const session = await fetchSession(signal);
  const sees = may(session, "viewer") || Object.keys(session.sites).length > 0;
  return sees ? fetchSites(signal) : { sites: [] };
}

const fetchFacts = (site: string, signal: AbortSignal) =>
  fetchJSON<Facts>(`/api/privacy${site && `?${new URLSearchParams({ site_id: site })}`}`, { signal });

/** What holds of the site, or of all if there is none of that name. */
async function load(id: string, signal: AbortSignal): Promise<Facts> {
  try {
    return await fetchFacts(id, signal);
  } catch (e) {
    if (!(e instanceof ApiError)) throw e;
    if (id && e.status === 404) return fetchFacts("", signal);
    if (e.status === 403) throw new ApiError(e.status, `${text.closed} ${text.closedHint}`);
    throw e;
  }
}

function Page({ facts, asked }: { facts: Facts; asked: string | null }) {
  const session = useSession();
  const site = facts.site;
  return (
    <>
      <div class="opening">
        <h1>{text.heading(site?.id ?? "")}</h1>
        <p>{text.lead}</p>
      </div>
      {asked && !site && <p class="note" role="status">{text.unknownSite}</p>}
      <Story facts={facts} />
      <ul class="promises">
        {text.promises.map((p) => <li key={p.title} class="card"><h2>{p.title}</h2><p>{p.text}</p></li>)}
      </ul>
      <OptOut facts={facts} />
      <Read facts={facts} />
      <Stored tables={facts.tables} />
      <Settings facts={facts} />
      {site && may(session.data, "viewer", site.id) && <Generator facts={facts} site={site} />}
      <footer class="footnote">
        {credits(facts).map((c) => <a key={c.link} href={c.link} rel="noreferrer">{c.name}</a>)}
      </footer>
    </>
  );
}
