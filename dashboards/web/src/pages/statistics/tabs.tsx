// The tabs of a panel. Those of one menu stand together in a choice.
import { text } from "../../strings";

export interface Tab {
  /** What the address calls it. */
  id: string;
  label: string;
  /** What its rows are called, if not by the label. */
  title?: string;
  dimension: string;
  /** The choice that it is one of, by its heading. */
  menu?: string;
  /** Figures beside the visitors in the details. */
  columns?: string[];
  /** Figures that are told of it only together with others, so that rare values stand as small groups. */
  crossed?: string[];
  /** False where the rest of the page could not be shown under a filter by it. */
  filters?: boolean;
  /** Values that are left out of the list, such as the absence of a campaign. */
  without?: string[];
  /** Drawn on the map of the world. */
  map?: boolean;
}

interface Props {
  label: string;
  tabs: Tab[];
  chosen: string;
  choose: (id: string) => void;
}

export function Tabs({ label, tabs, chosen, choose }: Props) {
  if (tabs.length < 2) return null;
  const menus = [...new Set(tabs.map((t) => t.menu ?? t.id))].map((name) => tabs.filter((t) => (t.menu ?? t.id) === name));
  return (
    <div class="tabs" role="group" aria-label={label}>
      {menus.map((list) => {
        const [first] = list;
        if (!first) return null;
        if (!first.menu) {
          return <button key={first.id} type="button" aria-pressed={first.id === chosen} onClick={() => choose(first.id)}>{first.label}</button>;
        }
        const within = list.some((t) => t.id === chosen);
        return (
          <select key={first.menu} class={within ? "tab-menu chosen" : "tab-menu"} aria-label={`${text.moreOf} ${first.menu}`} value={within ? chosen : ""} onChange={(e) => choose(e.currentTarget.value)}>
            {!within && <option value="" disabled hidden>{first.menu}</option>}
            {list.map((t) => <option key={t.id} value={t.id}>{t.label}</option>)}
          </select>
        );
      })}
    </div>
  );
}
