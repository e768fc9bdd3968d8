// The tabs of the settings, each in a file of its own that is loaded when it is looked at.
import type { ComponentType } from "preact";
import type { Site } from "../../api";
import type { Role } from "../../session";
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
  load: () => Promise<{ default: ComponentType<TabProps> }>;
}

export const tabs: Tab[] = [
  { id: "sites", name: text.tabSites, role: "editor", load: () => import("./tabs/sites") },
  { id: "goals", name: text.tabGoals, role: "editor", load: () => import("./tabs/goals") },
  { id: "segments", name: text.tabSegments, role: "editor", load: () => import("./tabs/segments") },
  { id: "annotations", name: text.tabAnnotations, role: "editor", load: () => import("./tabs/annotations") },
];
