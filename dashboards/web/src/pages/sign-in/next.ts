/** Where to go after signing in: a path of this origin, whatever the address says. */
export function next(path: string | null): string {
  if (!path?.startsWith("/")) return "/";
  const to = new URL(path, location.origin);
  return to.origin === location.origin ? to.pathname + to.search : "/";
}
