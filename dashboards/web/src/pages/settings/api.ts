// What is defined for a site, and changes to it, as docs/settings.md describes them.
import { ApiError } from "../../api";
import { statuses, text } from "../../strings";
import { reason } from "./reasons";

export interface Origin {
  /** "file" cannot be changed here; a site of "figures" is not defined at all. */
  source: "file" | "interface" | "figures";
  /** Why it does not hold. */
  problem?: string;
}

export interface Definition {
  hosts: string[];
  timezone: string;
  retention: string;
}

export interface Goal {
  name: string;
  page?: string;
  scroll?: number;
  event?: string;
  props?: Record<string, string>;
  currency?: string;
}

export interface Group {
  name: string;
  pages: string[];
}

export interface Funnel {
  name: string;
  steps: string[];
}

export interface Segment {
  id?: number;
  name: string;
  filters: unknown[];
}

/** Who is told of a site by itself: mail addresses, and names of webhooks. */
export interface Reports {
  weekly: string[];
  monthly: string[];
  notices: string[];
  /** en if there is none. */
  language?: "en" | "de" | "";
  /** Of receivers that read another one. */
  languages?: Record<string, string>;
  /** Of the site's day; 7 if there is none. */
  hour?: number;
  /** Visitors at once that are worth a notice; none if there is none. */
  spike?: number;
  /** Whether no visitors, where there usually are some, are worth one; they are if there is none. */
  drop?: boolean;
}

export interface Settings {
  site: Definition & Origin & { id: string };
  goals: (Goal & Origin)[];
  groups: (Group & Origin)[];
  funnels: (Funnel & Origin)[];
  segments: (Segment & Origin)[];
  /** null if nobody is told. */
  reports: (Reports & Origin) | null;
  /** Who can be told: any mail address if there is a mail account, and webhooks by their names. */
  receivers: { mail: boolean; webhooks: string[] };
}

export type Kind = "goals" | "groups" | "funnels" | "segments";
/** Of which a site has one each. */
export type Single = "sites" | "reports";

export interface Annotation {
  id: string;
  day: string;
  text: string;
}

/** Settings, and the tag that a change of them is sent with. */
export interface Tagged {
  settings: Settings;
  tag: string;
}

/** Why a change was refused, and the field that is at fault, empty for all of it. */
export class Refused extends ApiError {
  constructor(status: number, message: string, override readonly field: string) {
    super(status, message);
  }
}

async function send(path: string, query: Record<string, string>, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(`${path}?${new URLSearchParams(query)}`, init);
  } catch (e) {
    if (init.signal?.aborted) throw e;
    throw new ApiError(0, text.offline);
  }
  if (response.ok) return response;
  const said = (await response.json().catch(() => null)) as { error?: string; field?: string } | null;
  throw new Refused(response.status, statuses[response.status] ?? (said?.error ? reason(said.error) : text.failed), said?.field ?? "");
}

const tagged = async (response: Response): Promise<Tagged> =>
  ({ settings: (await response.json()) as Settings, tag: response.headers.get("etag") ?? "" });

export const fetchSettings = async (site: string, signal?: AbortSignal): Promise<Tagged> =>
  tagged(await send("/api/settings", { site_id: site }, signal ? { signal } : {}));

const json = { "content-type": "application/json" };

/** A change of settings: what is called name becomes body, nothing if that is null. */
export interface Change {
  site: string;
  kind: Kind | Single;
  /** Empty for something new. */
  name?: string;
  body: object | null;
  tag: string;
  /** Only says whether it could be. */
  attempt?: boolean;
  signal?: AbortSignal;
}

export async function change({ site, kind, name, body, tag, attempt, signal }: Change): Promise<Tagged> {
  const query = { site_id: site, ...(name ? { name } : {}), ...(attempt ? { try: "1" } : {}) };
  return tagged(await send(`/api/settings/${kind}`, query, {
    method: body ? "PUT" : "DELETE",
    headers: { ...json, ...(tag ? { "if-match": tag } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
    ...(signal ? { signal } : {}),
  }));
}

/** How many visits of the last 28 days would have passed each step of a funnel; none where that cannot be told. */
export async function previewFunnel(site: string, name: string, body: Funnel, signal: AbortSignal): Promise<{ visits: number[]; estimated: boolean }> {
  const query = { site_id: site, ...(name ? { name } : {}) };
  return (await send("/api/settings/funnels/preview", query, { method: "POST", headers: json, body: JSON.stringify(body), signal })).json();
}

/** What became of a report that was sent for a test. */
export interface Sent {
  receiver: string;
  delivered: boolean;
}

/** Sends last week's report to all who get reports of the site. */
export const testReports = async (site: string): Promise<Sent[]> =>
  ((await (await send("/api/settings/reports/test", { site_id: site }, { method: "POST" })).json()) as { receivers: Sent[] }).receivers;

export async function fetchAnnotations(site: string, signal: AbortSignal): Promise<Annotation[]> {
  const response = await send("/api/annotations", { site_id: site }, { signal });
  return ((await response.json()) as { annotations: Annotation[] }).annotations;
}

export const annotate = (site: string, day: string, words: string): Promise<Response> =>
  send("/api/annotations", { site_id: site }, { method: "POST", headers: json, body: JSON.stringify({ day, text: words }) });

export const unannotate = (site: string, id: string): Promise<Response> =>
  send("/api/annotations", { site_id: site, id }, { method: "DELETE" });
