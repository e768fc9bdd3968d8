// The live tail: what the server sends while somebody watches, the latest first.
import { useEffect, useRef, useState } from "preact/hooks";

export interface Line {
  minute: string;
  origin: string;
  kind: string;
  path?: string;
  withheld?: boolean;
  method?: string;
  status?: number;
  bot?: string;
  channel?: string;
  country?: string;
  device?: string;
  browser?: string;
  system?: string;
}

/** A line as it is shown, with a number of its own. */
export interface Passed extends Line {
  id: number;
}

const kept = 200;

export interface Watched {
  lines: Passed[];
  /** How many passed that the server did not send. */
  skipped: number;
  /** How many came while the view was held. */
  held: number;
  failed: boolean;
}

const nothing: Watched = { lines: [], skipped: 0, held: 0, failed: false };

/** Watches a site; null watches nothing. While it is held, what comes is kept and not shown. */
export function useWatched(site: string | null, hold: boolean): Watched {
  const [shown, show] = useState(nothing);
  const latest = useRef({ ...nothing, next: 0 });
  const holding = useRef(hold);
  holding.current = hold;
  useEffect(() => {
    latest.current = { ...nothing, next: 0 };
    show(nothing);
    if (site === null) return;
    const source = new EventSource(`/api/pipeline/tail?${new URLSearchParams({ site_id: site })}`);
    source.onmessage = (e: MessageEvent<string>) => {
      const event = JSON.parse(e.data) as { lines: Line[]; skipped: number };
      const now = latest.current;
      const lines = event.lines.map((l, i) => ({ ...l, id: now.next + i }));
      latest.current = {
        lines: [...lines, ...now.lines].slice(0, kept), skipped: now.skipped + event.skipped, next: now.next + lines.length,
        held: holding.current ? now.held + lines.length : 0, failed: false,
      };
      if (holding.current) show((s) => ({ ...s, held: latest.current.held }));
      else show(latest.current);
    };
    // A stream that ends is asked for again by the browser; one that is refused is closed.
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) show((s) => ({ ...s, failed: true }));
    };
    return () => source.close();
  }, [site]);
  useEffect(() => {
    if (hold) return;
    latest.current.held = 0;
    show((s) => ({ ...latest.current, failed: s.failed }));
  }, [hold]);
  return shown;
}
