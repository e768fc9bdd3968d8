// The hosts of a site, which are of interest only where it has several.
import { useQuery } from "../../load";
import type { Scope } from "./scope";

/** Of page views, of the first page of visits, of the last one. */
export const hostDimensions = ["event:hostname", "visit:entry_page_hostname", "visit:exit_page_hostname"] as const;

/** Whether the site had visitors on more than one host, whatever is filtered by; undefined while that is not known. */
export function useSeveralHosts(scope: Scope): boolean | undefined {
  const { filters: _, ...query } = scope.query(["visitors"], { dimensions: [hostDimensions[0]], pagination: { limit: 3, offset: 0 } });
  const answer = useQuery(query);
  // A log without hosts beside beacons, which have one, is no second host.
  return answer.data && answer.data.results.filter((r) => r.dimensions[0] !== "(not set)").length > 1;
}
