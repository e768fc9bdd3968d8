// The tabs of the settings, each in a file of its own that is loaded when it is looked at.
import type { ComponentType } from "preact";
import type { Session, Site } from "../../api";
import type { Role } from "../../session";
import { text as access } from "./access/strings";
import { text } from "./strings";

export interface TabProps {
  /** The site that is chosen; undefined while there is none. */
  site: Site | undefined;
  sites: Site[];
  /** Loads the sites again, and chooses one. */
  changed: (site?: string) => void;
  /** Goes to another tab. */
  open: (tab: string) => void;
}

export interface Tab {
  id: string;
  name: string;
  /** Who finds it, on the site that is chosen. */
  role: Role;
  /** The role must be of all sites. */
  all?: true;
  /** What else must be so. */
  when?: (session: Session) => boolean;
  load: () => Promise<{ default: ComponentType<TabProps> }>;
}

/** What hands out rights is for users only. */
const signedIn = (session: Session): boolean => session.name !== "";

export const tabs: Tab[] = [
  { id: "sites", name: text.tabSites, role: "editor", load: () => import("./tabs/sites") },
  { id: "goals", name: text.tabGoals, role: "editor", load: () => import("./tabs/goals") },
  { id: "segments", name: text.tabSegments, role: "editor", load: () => import("./tabs/segments") },
  { id: "reports", name: text.tabReports, role: "editor", load: () => import("./tabs/reports") },
  { id: "annotations", name: text.tabAnnotations, role: "editor", load: () => import("./tabs/annotations") },
  { id: "sharing", name: access.sharing, role: "editor", when: signedIn, load: () => import("./tabs/sharing") },
  { id: "users", name: access.users, role: "owner", all: true, load: () => import("./tabs/users") },
  { id: "tokens", name: access.tokens, role: "owner", all: true, when: signedIn, load: () => import("./tabs/tokens") },
  { id: "audit", name: access.audit, role: "owner", all: true, load: () => import("./tabs/audit") },
  { id: "password", name: access.myPassword, role: "viewer", when: (session) => session.own_password, load: () => import("./tabs/password") },
];
