// Who is looking, and what they may do.
import { fetchSession, type Session } from "./api";
import { useLoaded, type Loaded } from "./load";

const order = ["everybody", "viewer", "editor", "owner"] as const;

/** What somebody may do: each role may do what those before it may. */
export type Role = (typeof order)[number];

/** Whether the asker's role, of a site or else of all sites, is at least the one that is needed. */
export function may(session: Session | undefined, needed: Role, site?: string): boolean {
  const has = session && ((site && session.sites[site]) || session.role);
  return order.indexOf(has ?? "everybody") >= order.indexOf(needed);
}

export const useSession = (): Loaded<Session> => useLoaded("session", (_, signal) => fetchSession(signal));

/** Whether the page shows what a link or everybody may see, whoever is signed in. */
export const isShared = location.pathname === "/shared";

/** Whether it stands in a frame of another page, which has controls of its own. */
export const embedded = isShared && new URLSearchParams(location.search).get("embed") === "1";
