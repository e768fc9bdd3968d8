// The pages by the first part of their address. Each is loaded when it is asked for, so that none pays for the others.
import type { ComponentType } from "preact";
import type { Role } from "./session";
import { text } from "./strings";

export interface Route {
  /** What the navigation calls it; without a name it does not stand there. */
  name?: string;
  /** Who finds it in the navigation. */
  role: Role;
  /** The role is needed on all sites, not only on the one that is shown. */
  allSites?: boolean;
  load: () => Promise<{ default: ComponentType }>;
}

export const routes: Record<string, Route> = {
  "": { name: text.statistics, role: "everybody", load: () => import("./pages/statistics") },
  security: { name: text.security, role: "viewer", load: () => import("./pages/security") },
  bots: { name: text.bots, role: "viewer", load: () => import("./pages/bots") },
  pipeline: { name: text.pipeline, role: "editor", allSites: true, load: () => import("./pages/pipeline") },
  privacy: { name: text.privacy, role: "everybody", load: () => import("./pages/privacy") },
  settings: { name: text.settings, role: "editor", load: () => import("./pages/settings") },
  "sign-in": { role: "everybody", load: () => import("./pages/sign-in") },
  shared: { role: "everybody", load: () => import("./pages/shared") },
};

/** The first part of the page's address. */
export const here = location.pathname.split("/")[1] ?? "";
