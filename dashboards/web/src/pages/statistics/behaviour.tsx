// What people did on the site: goals reached, properties of events, funnels, and the ways from page to page.
import { lazy } from "../../lazy";
import { panelNames as names } from "../../strings";
import type { Scope } from "./scope";
import { Tabs } from "./tabs";

const parts = {
  goals: lazy(() => import("./goals")),
  properties: lazy(() => import("./properties")),
  funnels: lazy(() => import("./funnels")),
  flow: lazy(() => import("./flow")),
};

type Part = keyof typeof parts;

export function Behaviour({ scope }: { scope: Scope }) {
  const { view, go, site } = scope;
  const known = (id: string | undefined): id is Part => id !== undefined && id in parts;
  const asked = view.tabs["behaviour"];
  const first = site.goals?.length ? "goals" : site.funnels?.length ? "funnels" : "flow";
  const chosen = known(asked) ? asked : first;
  const tabs = (Object.keys(parts) as Part[]).map((id) => ({ id, label: names[id], dimension: "" }));
  const Part = parts[chosen];
  return (
    <section class="card panel wide" aria-label={names.behaviour} data-panel="behaviour">
      <div class="panel-head">
        <h2>{names.behaviour}</h2>
        <Tabs label={names.behaviour} tabs={tabs} chosen={chosen} choose={(id) => go({ tabs: { ...view.tabs, behaviour: id } })} />
      </div>
      <Part scope={scope} />
    </section>
  );
}
