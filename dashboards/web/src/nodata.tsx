// What stands over a site that nothing was counted for yet: how to begin.
import type { Site } from "./api";
import { may, useSession } from "./session";
import { text } from "./strings";

export function NoDataYet({ site }: { site: Site }) {
  const session = useSession();
  return (
    <p class="note" role="status">
      {text.noDataYet(site.id)}{" "}
      {may(session.data, "editor", site.id) && <a href={`/settings?${new URLSearchParams({ site: site.id })}`}>{text.toSettings}</a>}
    </p>
  );
}
