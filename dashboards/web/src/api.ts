// The Stats API as the dashboard asks it.
import { text } from "./strings";
import type { Range } from "./period";
import type { Role } from "./session";

export interface Site {
  id: string;
  timezone: string;
  /** First and last day with data, null while there is none. */
  first: string | null;
  last: string | null;
  /** What the site defines, by the names that filters take. */
  segments?: { name: string; filters: unknown[] }[];
  goals?: { name: string; currency?: string }[];
  groups?: string[];
  funnels?: { name: string; steps: string[] }[];
}

/** Who is looking. */
export interface Session {
  /** Empty while nobody is signed in. */
  name: string;
  role: Role;
  /** The role on each site that may be known of. */
  sites: Record<string, Role>;
  sign_in: { password: boolean; providers: { id: string; name: string }[] };
  /** No user exists, and who asks from this machine may do everything. */
  open: boolean;
  /** The asker may change it. */
  own_password: boolean;
}

/** The two last are of visits that reached a goal, or did not. */
export type FilterOp = "is" | "is_not" | "contains" | "contains_not" | "matches" | "has_done" | "has_not_done";

/** One condition of the view; one of the values is enough. */
export interface Filter {
  op: FilterOp;
  dimension: string;
  values: string[];
}

type Plain = [FilterOp, string, string[]] | [FilterOp, string, string[], { case_sensitive: boolean }];
/** A condition as the Stats API takes it. */
export type WireFilter = Plain | [FilterOp, Plain];

export interface Money {
  currency: string;
  value: number;
}

/** A figure; null where it means nothing, as the bounce rate of no visits. */
export type Value = number | Money | null;

/** A figure as a number, nought where there is none. */
export const amount = (value: Value | undefined): number => (typeof value === "object" ? (value?.value ?? 0) : (value ?? 0));

export interface Query {
  site_id: string;
  metrics: string[];
  date_range: [string, string];
  dimensions?: string[];
  filters?: WireFilter[];
  order_by?: [string, "asc" | "desc"][];
  include?: { time_labels?: boolean; total_rows?: boolean; comparisons?: { mode: "custom"; date_range: [string, string] } };
  pagination?: { limit: number; offset: number };
}

export interface Row {
  dimensions: string[];
  metrics: Value[];
  /** The same of the range to compare with; change is in percent, of a bounce rate in points. */
  comparison?: { metrics: Value[]; change: (number | null)[] };
}

/** What is to be known of an answer beside its figures. */
export interface Meta {
  time_labels?: string[];
  total_rows?: number;
  /** Combinations that too few visitors share stand together in it. */
  small_groups?: boolean;
  metric_warnings?: Record<string, { code: string; warning: string }>;
  range_warning?: { code: string; warning: string };
}

/** The last of an answer's days of which nothing but totals is left, so that what it asked of them is missing. */
export const deletedUntil = (meta: Meta | undefined) =>
  meta?.range_warning?.code === "only_totals" ? /\d{4}-\d\d-\d\d/.exec(meta.range_warning.warning)?.[0] : undefined;

export interface Answer {
  results: Row[];
  meta: Meta;
  /** The question as it was understood. */
  query: { metrics: string[] };
}

/** A figure of an answer without dimensions; undefined if it was not asked for. */
export function total(answer: Answer | undefined, metric: string): Value | undefined {
  return answer?.results[0]?.metrics[answer.query.metrics.indexOf(metric)];
}

/** An answer other than 200. The message says what was wrong with the question. */
export class ApiError extends Error {
  /** The field that is at fault, where the answer names one. */
  constructor(readonly status: number, message: string, readonly field?: string) {
    super(message);
  }
}

let pass = "";

/** Shows the pass of a shared link with every question from now on. */
export function showPass(p: string): void {
  pass = p;
}

/** Leads to the page to sign in, and from there back. The answer to the question never comes. */
function askToSignIn(): Promise<never> {
  location.replace(`/sign-in?${new URLSearchParams({ next: location.pathname + location.search })}`);
  return new Promise(() => {});
}

export async function fetchJSON<T>(path: string, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, pass ? { ...init, headers: { ...init.headers, "klar-link": pass } } : init);
  } catch (e) {
    if (init.signal?.aborted) throw e;
    throw new ApiError(0, text.offline);
  }
  const body: unknown = await response.json().catch(() => null);
  if (response.ok && body !== null) return body as T;
  if (response.status === 401 && !pass) return askToSignIn();
  const said = body as { error?: unknown; field?: unknown } | null;
  throw new ApiError(
    response.status, typeof said?.error === "string" ? said.error : text.failed, typeof said?.field === "string" ? said.field : undefined,
  );
}

/** Asks for a change. */
export const sendJSON = <T = unknown>(method: "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<T> =>
  fetchJSON<T>(path, body === undefined ? { method } : { method, headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

export const fetchSites = (signal: AbortSignal) =>
  fetchJSON<{ sites: Site[]; version?: string }>("/api/sites", { signal });

export const fetchSession = (signal: AbortSignal) => fetchJSON<Session>("/api/session", { signal });

/** A word about a day. */
export interface Annotation {
  id: string;
  day: string;
  text: string;
}

export const fetchAnnotations = (site: string, signal: AbortSignal): Promise<Annotation[]> =>
  fetchJSON<{ annotations: Annotation[] }>(`/api/annotations?${new URLSearchParams({ site_id: site })}`, { signal }).then((a) => a.annotations);

/** The visitors who did something within the last five minutes. */
export const fetchCurrent = (site: string, signal: AbortSignal) =>
  fetchJSON<number>(`/api/v1/stats/realtime/visitors?${new URLSearchParams({ site_id: site })}`, { signal });

/** All rows of an answer as a file of comma-separated values. */
export async function fetchCSV(query: Query, signal?: AbortSignal): Promise<Blob> {
  const { pagination: _, include: __, ...question } = query;
  const response = await fetch("/api/v2/query?format=csv", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(question),
    ...(signal ? { signal } : {}),
  });
  if (!response.ok) throw new ApiError(response.status, text.failed);
  return response.blob();
}

export const fetchQuery = (query: string, signal: AbortSignal) =>
  fetchJSON<Answer>("/api/v2/query", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: query,
    signal,
  });

export const wireRange = (r: Range): [string, string] => [r.from, r.to];

export const wireFilters = (filters: Filter[]): WireFilter[] => filters.map((f) =>
  f.op === "has_done" || f.op === "has_not_done" ? [f.op, ["is", f.dimension, f.values]] : [f.op, f.dimension, f.values],
);
