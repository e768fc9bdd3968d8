// What stands where a site defines nothing yet: the way to define it, for those who may.
import type { Site } from "../../api";
import { may, useSession } from "../../session";
import { EmptyState } from "../../states";
import { text } from "../../strings";

export function Undefined({ site, children }: { site: Site; children: string }) {
  const session = useSession();
  return (
    <EmptyState>
      {children}{" "}
      {may(session.data, "editor", site.id) && <a href={`/settings?${new URLSearchParams({ site: site.id })}`}>{text.toSettings}</a>}
    </EmptyState>
  );
}
