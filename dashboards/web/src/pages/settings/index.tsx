// The settings: what is measured, and how, in tabs.
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { fetchSites, type Site } from "../../api";
import { useLoaded } from "../../load";
import { may, useSession } from "../../session";
import { inView, Shell } from "../../shell";
import { ErrorState, Skeleton } from "../../states";
import { text as shared } from "../../strings";
import { text } from "./strings";
import { tabs, type Tab, type TabProps } from "./tabs";
import { mayLeave } from "./unsaved";
import "./settings.css";

/** What the address names. */
interface Address {
  site: string | null;
  tab: string | null;
}

function parse(): Address {
  const p = new URLSearchParams(location.search);
  return { site: p.get("site"), tab: p.get("tab") };
}

/** The address, and a way to another one that asks before anything unsaved is lost. */
function useAddress(): [Address, (change: Partial<Address>) => void] {
  const [address, setAddress] = useState(parse);
  useEffect(() => {
    const moved = () => setAddress(parse());
    addEventListener("popstate", moved);
    return () => removeEventListener("popstate", moved);
  }, []);
  const go = (change: Partial<Address>) => {
    if (!mayLeave()) return;
    const next = { ...address, ...change };
    const query = new URLSearchParams(Object.entries(next).filter((e): e is [string, string] => !!e[1]));
    history.pushState(null, "", `/settings?${query}`);
    setAddress(next);
  };
  return [address, go];
}

export default function SettingsPage() {
  const [address, go] = useAddress();
  const [version, setVersion] = useState(0);
  const sites = useLoaded(`sites ${version}`, (_, signal) => fetchSites(signal));
  const session = useSession();
  useEffect(() => {
    document.title = `${text.title} · ${shared.appName}`;
  }, []);
  const failed = sites.error ? sites : session.error ? session : undefined;
  if (failed) return <main class="alone"><ErrorState message={failed.error ?? ""} retry={failed.retry} /></main>;
  if (!sites.data || !session.data) return <main class="alone" aria-busy="true"><p class="muted">{shared.loading}…</p></main>;
  const known = sites.data.sites;
  const site = known.find((s) => s.id === address.site) ?? known[0];
  const who = session.data;
  const shown = tabs.filter((t) => may(who, t.role, t.all ? undefined : site?.id) && (t.when?.(who) ?? true));
  const tab = shown.find((t) => t.id === address.tab) ?? shown[0];
  const changed = (id?: string) => {
    setVersion(version + 1);
    if (id !== undefined) go({ site: id });
  };
  return (
    <Shell sites={known} {...(site ? { site } : {})} chooseSite={(id) => go({ site: id })}>
      <main class="page settings">
        <h1>{text.title}</h1>
        {tab ? (
          <div class="settings-columns">
            <nav class="settings-tabs" aria-label={text.title}>
              {shown.map((t) => (
                <button key={t.id} type="button" aria-current={t === tab ? "page" : undefined} ref={t === tab ? inView : undefined} onClick={() => t !== tab && go({ tab: t.id })}>{t.name}</button>
              ))}
            </nav>
            <TabBody key={`${tab.id} ${site?.id}`} tab={tab} site={site} sites={known} changed={changed} open={(id) => go({ tab: id })} />
          </div>
        ) : (
          <p class="note">{text.notYours}</p>
        )}
      </main>
    </Shell>
  );
}

function TabBody({ tab, ...props }: TabProps & { tab: Tab; site: Site | undefined }) {
  const [Body, setBody] = useState<ComponentType<TabProps>>();
  useEffect(() => {
    tab.load().then((module) => setBody(() => module.default));
  }, []);
  return <div class="settings-body">{Body ? <Body {...props} /> : <Skeleton rows={4} />}</div>;
}
