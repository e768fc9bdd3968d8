// The shortened networks that attacked, as GET /api/security/offenders tells them.
import { fetchJSON } from "../../api";
import { useLoaded, type Loaded } from "../../load";
import type { Range } from "../../period";

export interface Offender {
  net: string;
  /** Empty if unknown. */
  country: string;
  provider: string;
  /** Recognised as attacks, or counted by one rule of alerts, whichever are more. */
  requests: number;
  certain: number;
  /** At least how many others came from there in the same spans of five minutes. */
  harmless: number;
  threats: Record<string, number>;
  /** CVEs and rules of alerts. */
  rules: string[];
  last: string;
}

export interface Offenders {
  networks: Offender[];
  /** How many networks there are; listed are those with the most requests. */
  total: number;
}

const most = 1000;

/** Asks only with a site, which is given if the asker may know its offenders. */
export function useOffenders(site: string | null, range: Range): Loaded<Offenders> {
  const asked = site && `/api/security/offenders?${new URLSearchParams({ site_id: site, date_range: `${range.from},${range.to}`, limit: String(most) })}`;
  return useLoaded(asked, (path, signal) => fetchJSON<Offenders>(path, { signal }));
}

/** What came from where: the requests of the networks by one of their properties, the most first. */
export function cameFrom(networks: Offender[], of: "country" | "provider"): { value: string; figures: number[] }[] {
  const sums = new Map<string, number[]>();
  for (const n of networks) {
    const [requests = 0, count = 0] = sums.get(n[of]) ?? [];
    sums.set(n[of], [requests + n.requests, count + 1]);
  }
  return [...sums].map(([value, figures]) => ({ value, figures })).sort((a, b) => (b.figures[0] ?? 0) - (a.figures[0] ?? 0));
}
