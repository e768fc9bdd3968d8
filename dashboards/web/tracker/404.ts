// A part of the tracker: pages that were answered with 404, which the browser knows.
{
  const [page] = performance.getEntriesByType("navigation") as (PerformanceNavigationTiming & { responseStatus?: number })[];
  if (page?.responseStatus === 404) window.klar?.("404", { props: { path: location.pathname }, interactive: false });
}
