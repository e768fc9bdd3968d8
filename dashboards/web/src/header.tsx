import type { Site } from "./api";
import { PeriodPicker } from "./picker";
import type { Period, Range } from "./period";
import { text } from "./strings";
import { ThemeToggle } from "./theme";
import type { Go } from "./view";

interface Props {
  sites: Site[];
  site: Site;
  period: Period;
  range: Range;
  now: string;
  go: Go;
}

export function Header({ sites, site, period, range, now, go }: Props) {
  return (
    <header class="header">
      <img class="logo" src="/icon.svg" width="26" height="26" alt={text.appName} />
      {sites.length > 1 ? (
        <select
          class="control site"
          aria-label={text.site}
          value={site.id}
          onChange={(e) => go({ site: e.currentTarget.value, filters: [], period: null, interval: null })}
        >
          {sites.map((s) => <option key={s.id} value={s.id}>{s.id}</option>)}
        </select>
      ) : (
        <span class="site">{site.id}</span>
      )}
      <span class="spacer" />
      <PeriodPicker site={site} period={period} range={range} now={now} go={go} />
      <ThemeToggle />
    </header>
  );
}
