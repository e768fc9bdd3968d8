// Who is signed in, and the ways in and out.
import { useEffect, useRef } from "preact/hooks";
import { sendJSON } from "./api";
import { useSession } from "./session";
import { text } from "./strings";

export function User() {
  const session = useSession();
  if (!session.data) return null;
  const { name, open, own_password, sign_in } = session.data;
  if (name) return <Menu name={name} ownPassword={own_password} />;
  if (open || !(sign_in.password || sign_in.providers.length > 0)) return null;
  const next = location.pathname + location.search;
  return <a class="control sign-in" href={`/sign-in?${new URLSearchParams({ next })}`}>{text.signIn}</a>;
}

function Menu({ name, ownPassword }: { name: string; ownPassword: boolean }) {
  const details = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const close = (e: Event) => {
      const menu = details.current;
      if (!menu?.open || (e instanceof KeyboardEvent ? e.key !== "Escape" : menu.contains(e.target as Node))) return;
      menu.open = false;
      if (e instanceof KeyboardEvent) menu.querySelector("summary")?.focus();
    };
    addEventListener("keydown", close);
    addEventListener("click", close);
    return () => {
      removeEventListener("keydown", close);
      removeEventListener("click", close);
    };
  }, []);
  const signOut = async () => {
    await sendJSON("DELETE", "/api/session").catch(() => {}); // the page to sign in says how it is
    location.assign("/sign-in");
  };
  return (
    <details class="user" ref={details}>
      <summary class="control" title={name} aria-label={text.account(name)}>
        <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><path d="M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM2.5 14a5.5 5.5 0 0 1 11 0" /></svg>
        <span>{name}</span>
      </summary>
      <ul class="menu">
        {ownPassword && <li><a href="/settings?tab=password">{text.myPassword}</a></li>}
        <li><button type="button" onClick={signOut}>{text.signOut}</button></li>
      </ul>
    </details>
  );
}
