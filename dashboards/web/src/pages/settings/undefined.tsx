// What stands where a site would have to be defined first.
import { text } from "./strings";

export function Undefined({ site, open }: { site?: string; open: (tab: string) => void }) {
  return (
    <div class="card section">
      <p>{site ? text.onlyFigures(site) : text.noSite}</p>
      <p class="buttons"><button type="button" class="button" onClick={() => open("sites")}>{text.defineSite}</button></p>
    </div>
  );
}
