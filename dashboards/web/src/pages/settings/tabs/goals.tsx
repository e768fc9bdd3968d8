// Goals, content groups and funnels of a site.
import { ErrorState, Skeleton } from "../../../states";
import { Definitions } from "../definitions";
import { FunnelForm, funnelBody } from "../funnel";
import { describeGoal, GoalForm, goalBody } from "../goal";
import { Input, Lines, written } from "../fields";
import { Matched, pageFilters } from "../preview";
import { text } from "../strings";
import type { TabProps } from "../tabs";
import { Undefined } from "../undefined";
import { useSettings } from "../use";

export default function GoalsTab({ site, open }: TabProps) {
  const settings = useSettings(site);
  if (settings.error) return <ErrorState message={settings.error} retry={settings.retry} />;
  if (!site) return <Undefined open={open} />;
  if (!settings.data) return <Skeleton rows={5} />;
  const { data } = settings;
  if (data.site.source === "figures") return <Undefined site={site.id} open={open} />;
  return (
    <>
      <Definitions
        kind="goals" title={text.goals} hint={text.goalsHint} add={text.addGoal} entries={data.goals} settings={settings}
        blank={{ name: "", page: "" }} describe={describeGoal} body={goalBody}
        main={(g) => (g.event === undefined ? "page" : "event")}
        form={(props) => <GoalForm {...props} site={site.id} />}
      />
      <Definitions
        kind="groups" title={text.groups} hint={text.groupsHint} add={text.addGroup} entries={data.groups} settings={settings}
        blank={{ name: "", pages: [""] }} describe={(g) => g.pages.join(" · ")}
        body={(g) => {
          const body = { name: g.name.trim(), pages: written(g.pages) };
          return { body, whole: body.name !== "" && body.pages.length > 0 };
        }}
        form={({ value, set, error }) => (
          <>
            <Input label={text.name} value={value.name} set={(name) => set({ ...value, name })} error={error("name")} limit={120} focus />
            <Lines label={text.pages} hint={text.pagesHint} lines={value.pages} set={(pages) => set({ ...value, pages })} error={error("pages")} placeholder="/blog/**" />
            <Matched site={site.id} filters={pageFilters(written(value.pages))} />
          </>
        )}
      />
      <Definitions
        kind="funnels" title={text.funnels} hint={text.funnelsHint} add={text.addFunnel} entries={data.funnels} settings={settings}
        blank={{ name: "", steps: ["/", "/"] }} describe={(f) => f.steps.join(" → ")} body={funnelBody}
        form={(props) => <FunnelForm {...props} site={site.id} goals={data.goals.filter((g) => !g.problem).map((g) => g.name)} />}
      />
    </>
  );
}
