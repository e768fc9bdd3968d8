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
}

export type FilterOp = "is" | "is_not" | "contains";

/** One condition of the view: the dimension is, or is not, the value. */
export interface Filter {
  op: FilterOp;
  dimension: string;
  value: string;
}

/** A condition as the Stats API takes it. */
export type WireFilter = [FilterOp, string, string[]] | [FilterOp, string, string[], { case_sensitive: boolean }];

export interface Query {
  site_id: string;
  metrics: string[];
  date_range: [string, string];
  dimensions?: string[];
  filters?: WireFilter[];
  order_by?: [string, "asc" | "desc"][];
  include?: { time_labels?: boolean; total_rows?: boolean };
  pagination?: { limit: number; offset: number };
}

export interface Answer {
  results: { dimensions: string[]; metrics: (number | null)[] }[];
  meta: { time_labels?: string[]; total_rows?: number };
  /** The question as it was understood. */
  query: { metrics: string[] };
}

/** A figure of an answer without dimensions; undefined if it was not asked for. */
export function total(answer: Answer | undefined, metric: string): number | null | undefined {
  return answer?.results[0]?.metrics[answer.query.metrics.indexOf(metric)];
}

/** An answer other than 200. The message says what was wrong with the question. */
export class ApiError extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

export async function fetchJSON<T>(path: string, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (e) {
    if (init.signal?.aborted) throw e;
    throw new ApiError(0, text.offline);
  }
  const body: unknown = await response.json().catch(() => null);
  if (response.ok && body !== null) return body as T;
  const said = (body as { error?: unknown } | null)?.error;
  throw new ApiError(response.status, typeof said === "string" ? said : text.failed);
}

export const fetchSites = (signal: AbortSignal) =>
  fetchJSON<{ sites: Site[]; version?: string }>("/api/sites", { signal });

export const fetchSession = (signal: AbortSignal) => fetchJSON<Session>("/api/session", { signal });

/** The visitors who did something within the last five minutes. */
export const fetchCurrent = (site: string, signal: AbortSignal) =>
  fetchJSON<number>(`/api/v1/stats/realtime/visitors?${new URLSearchParams({ site_id: site })}`, { signal });

export const fetchQuery = (query: string, signal: AbortSignal) =>
  fetchJSON<Answer>("/api/v2/query", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: query,
    signal,
  });

export const wireRange = (r: Range): [string, string] => [r.from, r.to];
export const wireFilters = (filters: Filter[]): WireFilter[] => filters.map((f) => [f.op, f.dimension, [f.value]]);
