// The alerts of a site, as GET /api/security/alerts tells them.
import { ApiError, fetchJSON } from "../../api";
import { useLoaded, type Loaded } from "../../load";
import type { Range } from "../../period";

export interface Alert {
  id: string;
  rule: string;
  /** What it is about, in a sentence; in German where the rule has it. */
  description: string;
  description_de?: string;
  severity: "info" | "warning" | "critical";
  /** Empty if the alert is of the whole site. */
  net?: string;
  /** The CVE that was recognised last. */
  finding?: string;
  others?: number;
  times: number;
  figures?: { series: string; value: number; low: number; high: number };
  firing: boolean;
  silenced?: boolean;
  start: string;
  last: string;
  end?: string;
}

const everyMs = 15_000;

/** The alerts of a range, and those of now; null where this Klar has none. Of no site it loads nothing. */
export function useAlerts(site: string | null, range: Range): Loaded<Alert[] | null> {
  const asked = site && `/api/security/alerts?${new URLSearchParams({ site_id: site, since: `${range.from}T00:00:00Z` })}`;
  return useLoaded(asked, async (path, signal) => {
    try {
      const { alerts } = await fetchJSON<{ alerts: Alert[] }>(path, { signal });
      return alerts.filter((a) => a.firing || a.start.slice(0, 10) <= range.to);
    } catch (e) {
      if (e instanceof ApiError && e.status === 501) return null;
      throw e;
    }
  }, everyMs);
}

/** A moment as the clocks of a time zone show it, in milliseconds as if it were UTC. */
export function wallClock(at: string, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone, dateStyle: "short", timeStyle: "medium", hourCycle: "h23" }).formatToParts(new Date(at));
  const of = (type: string) => Number(parts.find((p) => p.type === type)?.value ?? 0);
  return Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
}
