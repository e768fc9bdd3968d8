// What stands around every page: the site, the way to the other pages, and how the page is shown.
import type { ComponentChildren } from "preact";
import type { Site } from "./api";
import { chooseLanguage, language, languages, type Language } from "./language";
import { here, routes } from "./routes";
import { embedded, isShared, may, useSession } from "./session";
import { text } from "./strings";
import { ThemeToggle } from "./theme";
import { User } from "./user";

interface Props {
  /** The sites to choose from, and the one that is shown; a page of no site has neither. */
  sites?: Site[];
  site?: Site;
  chooseSite?: (id: string) => void;
  /** Controls of the page, such as its period. */
  controls?: ComponentChildren;
  /** The page, in its own main. */
  children: ComponentChildren;
}

export function Shell({ sites = [], site, chooseSite, controls, children }: Props) {
  return (
    <>
      <header class="header">
        {!isShared && <a class="logo" href="/"><img src="/icon.svg" width="26" height="26" alt={text.appName} /></a>}
        {site && sites.length > 1 && chooseSite ? (
          <select class="control site" aria-label={text.site} value={site.id} onChange={(e) => chooseSite(e.currentTarget.value)}>
            {sites.map((s) => <option key={s.id} value={s.id}>{s.id}</option>)}
          </select>
        ) : (
          site && <span class="site">{site.id}</span>
        )}
        {!isShared && <Pages site={site?.id} />}
        <span class="spacer" />
        {controls}
        {!embedded && <Languages />}
        {!embedded && <ThemeToggle />}
        {!isShared && <User />}
      </header>
      {children}
    </>
  );
}

/** Scrolls a list that is wider than the screen, so that the element in it is seen. */
export function inView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: "nearest", inline: "center" });
}

/** The way to the other pages, which show the same site. */
function Pages({ site }: { site: string | undefined }) {
  const session = useSession();
  const shown = Object.entries(routes).filter(([, r]) => r.name && may(session.data, r.role, r.allSites ? undefined : site));
  if (shown.length < 2) return null;
  return (
    <nav class="pages" aria-label={text.pages}>
      {shown.map(([path, r]) => (
        <a key={path} href={`/${path}${site ? `?${new URLSearchParams({ site })}` : ""}`} aria-current={path === here ? "page" : undefined} ref={path === here ? inView : undefined}>{r.name}</a>
      ))}
    </nav>
  );
}

export function Languages() {
  const all = Object.entries(languages);
  if (all.length < 2) return null;
  return (
    <select class="control language" aria-label={text.language} value={language} onChange={(e) => chooseLanguage(e.currentTarget.value as Language)}>
      {all.map(([code, name]) => <option key={code} value={code} lang={code} title={name}>{code.toUpperCase()}</option>)}
    </select>
  );
}
