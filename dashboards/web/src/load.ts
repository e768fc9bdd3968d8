// Loading with three states, a small cache, and the last answer kept in view while the next one comes.
import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError, fetchQuery, type Answer, type Query } from "./api";
import { told } from "./refusal";

export interface Loaded<T> {
  /** The last answer; that of an earlier question while loading is true. */
  data: T | undefined;
  /** In the reader's words. */
  error: string | undefined;
  /** Whether the question was at fault: asking again would not help. */
  refused: boolean;
  loading: boolean;
  retry: () => void;
}

/**
 * Calls load whenever key changes. A null key loads nothing. With every, it is called again after so many milliseconds
 * while the page is looked at; the answer before stays until the next one is there, and if none comes.
 */
export function useLoaded<T>(
  key: string | null, load: (key: string, signal: AbortSignal) => Promise<T>, every?: number,
): Loaded<T> {
  const [attempt, setAttempt] = useState(0);
  const [state, setState] = useState<{ key: string | null; data?: T; error?: string; refused?: boolean }>({ key: null });
  useEffect(() => {
    if (key === null) return;
    const abort = new AbortController();
    load(key, abort.signal).then(
      (data) => abort.signal.aborted || setState({ key, data }),
      (e: unknown) => abort.signal.aborted || setState({
        key, error: told(e), refused: e instanceof ApiError && e.status === 400,
      }),
    );
    const again = every && setInterval(() => {
      if (!document.hidden) load(key, abort.signal).then((data) => abort.signal.aborted || setState({ key, data }), () => {});
    }, every);
    return () => {
      clearInterval(again);
      abort.abort();
    };
  }, [key, attempt, every]);
  const current = key !== null && state.key === key;
  return {
    data: state.data,
    error: current ? state.error : undefined,
    refused: current && state.refused === true,
    loading: key !== null && !current,
    retry: () => {
      setState({ key: null });
      setAttempt(attempt + 1);
    },
  };
}

const cacheSize = 200;
const freshMs = 60_000;
const cache = new Map<string, { at: number; answer: Answer }>();

async function cached(query: string, signal: AbortSignal): Promise<Answer> {
  const known = cache.get(query);
  if (known && Date.now() - known.at < freshMs) return known.answer;
  const answer = await fetchQuery(query, signal);
  cache.set(query, { at: Date.now(), answer });
  // A Map gives its keys in the order they came: the first is the oldest.
  for (const oldest of cache.keys()) {
    if (cache.size <= cacheSize) break;
    cache.delete(oldest);
  }
  return answer;
}

/** Asks the Stats API; null asks nothing. What can still grow, as it holds today, is asked again every minute. */
export function useQuery(query: Query | null): Loaded<Answer> {
  // Whatever the time zones, a range that ended two days ago in UTC is over.
  const grows = query !== null && Date.parse(query.date_range[1].slice(0, 10)) > Date.now() - 2 * 86_400_000;
  return useLoaded(query && JSON.stringify(query), cached, grows ? freshMs : undefined);
}

/** Calls f for keys pressed outside of fields, without modifiers. */
export function useKeys(f: (key: string) => void): void {
  const latest = useRef(f);
  latest.current = f;
  useEffect(() => {
    const pressed = (e: KeyboardEvent) => {
      const field = e.target instanceof HTMLElement && e.target.closest("input, select, textarea, dialog");
      if (!field && !e.ctrlKey && !e.metaKey && !e.altKey) latest.current(e.key);
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  }, []);
}
