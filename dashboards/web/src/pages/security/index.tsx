// What attacks the site, which alerts there are, and what goes wrong besides.
import { useState } from "preact/hooks";
import { amount, type WireFilter } from "../../api";
import { share, valueName } from "../../format";
import { FigureRow } from "../../figurerow";
import { useQuery } from "../../load";
import { isDay } from "../../period";
import { Ranking, RankingCard } from "../../ranking";
import { may, useSession } from "../../session";
import { SitePage, type SiteScope } from "../../sitepage";
import { Timeline } from "../../timeline";
import { Alerts } from "./alertlist";
import { Baseline } from "./baseline";
import { useAlerts, wallClock } from "./alerts";
import { Networks } from "./networks";
import { cameFrom, useOffenders } from "./offenders";
import { text, threatName } from "./strings";
import "./security.css";

// The link of an alert names its day, which is shown unless a period is chosen, and the alert.
const address = new URLSearchParams(location.search);
const day = address.get("day");
const asked = address.get("alert") ?? undefined;
if (isDay(day) && !address.has("period")) {
  for (const [key, value] of Object.entries({ period: "custom", from: day, to: day })) address.set(key, value);
  history.replaceState(null, "", `?${address}`);
}

export default function Security() {
  return <SitePage title={text.title}>{(scope) => <Page scope={scope} />}</SitePage>;
}

const attacks: WireFilter[] = [["is_not", "event:threat", [""]]];
const statuses = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => String(first + i));
const failed: WireFilter[] = [["is", "event:status", statuses(400, 599)]];
const failing: WireFilter[] = [["is", "event:status", statuses(500, 599)]];

const pathName = (path: string) => valueName("event:page", path);

function Page({ scope }: { scope: SiteScope }) {
  const all = useQuery(scope.ask(["requests", "threats", "errors"]));
  const server = useQuery(scope.ask(["requests"], { filters: failing }));
  const figure = (answer: typeof all, i: number) => answer.data && amount(answer.data.results[0]?.metrics[i]);
  const [requests, threats, errors, fives] = [figure(all, 0), figure(all, 1), figure(all, 2), figure(server, 0)];
  const part = (of: number | undefined) => (of && requests ? text.ofAll(share(of, requests)) : "");
  const session = useSession();
  const trusted = may(session.data, "editor", scope.site.id); // networks are told to editors only
  const alerts = useAlerts(trusted ? scope.site.id : null, scope.range);
  const unusual = (alerts.data ?? []).flatMap((a) => (a.figures ? [{ series: a.figures.series, at: wallClock(a.start, scope.site.timezone) }] : []));
  const marksOf = (...series: string[]) => unusual.filter((a) => series.includes(a.series)).map((a) => a.at);
  const firing = alerts.data?.filter((a) => a.firing && !a.silenced).length;
  return (
    <>
      {firing !== undefined && (
        <p class={firing > 0 ? "note alarm" : "note calm"} role="status">{firing > 0 ? text.alertsNow(firing) : text.quiet}</p>
      )}
      <FigureRow
        label={text.figures}
        stale={all.loading}
        figures={[
          { name: text.threats, metric: "requests", value: threats, more: part(threats) },
          { name: text.errors, metric: "requests", value: errors, more: part(errors) },
          { name: text.server, metric: "requests", value: fives, more: part(fives) },
        ]}
      />
      {trusted && alerts.data !== null && <Alerts alerts={alerts} timezone={scope.site.timezone} asked={asked} />}
      <Timeline scope={scope} title={text.overTime} metric="requests" dimension="event:threat" filters={attacks} name={threatName} empty={text.noThreats} marks={marksOf("threats")} />
      {threats !== 0 && <Attacks scope={scope} trusted={trusted} />}
      <div class="section-head"><h2>{text.rest}</h2><p>{text.marks}</p></div>
      <Baseline scope={scope} alerts={unusual} />
      <Timeline
        scope={scope} title={text.statusClasses} metric="requests" dimension="event:status" filters={failed}
        name={(v) => text.status[v[0] ?? ""] ?? v} empty={text.noErrors} marks={marksOf("status:4xx", "status:5xx", "failed logins")}
      />
      <div class="grid">
        <Ranking scope={scope} title={text.missing} dimension="event:page" metrics={["requests"]} filters={[["is", "event:status", ["404"]]]} name={pathName} empty={text.none} />
        <Ranking scope={scope} title={text.failing} dimension="event:page" metrics={["requests"]} filters={failing} name={pathName} empty={text.none} />
        <Ranking scope={scope} title={text.answersAll} dimension="event:status" metrics={["requests"]} filters={failed} name={(v) => valueName("event:status", v)} empty={text.none} />
        <Ranking scope={scope} title={text.methods} dimension="event:method" metrics={["requests", "errors"]} name={String} empty={text.none} />
      </div>
    </>
  );
}

/** What the attacks were, what they aimed at, whether they were let in, and where they came from. */
function Attacks({ scope, trusted }: { scope: SiteScope; trusted: boolean }) {
  const offenders = useOffenders(trusted ? scope.site.id : null, scope.range);
  return (
    <>
      <div class="grid">
        <Ranking scope={scope} title={text.classes} dimension="event:threat" metrics={["requests"]} filters={attacks} name={threatName} empty={text.noThreats} />
        <Ranking scope={scope} title={text.targets} dimension="event:page" metrics={["requests"]} filters={attacks} name={pathName} empty={text.noThreats} />
        <Ranking scope={scope} title={text.answers} dimension="event:status" metrics={["requests"]} filters={attacks} name={(v) => valueName("event:status", v)} empty={text.noThreats} />
        <Ranking scope={scope} title={text.attackMethods} dimension="event:method" metrics={["requests"]} filters={attacks} name={String} empty={text.noThreats} />
        {trusted && <From of="country" title={text.countries} offenders={offenders} name={(v) => valueName("visit:country", v)} />}
        {trusted && <From of="provider" title={text.providers} offenders={offenders} name={(v) => v || text.unknown} />}
      </div>
      {trusted && <Networks offenders={offenders} site={scope.site.id} />}
    </>
  );
}

interface FromProps {
  of: "country" | "provider";
  title: string;
  offenders: ReturnType<typeof useOffenders>;
  name: (value: string) => string;
}

function From({ of, title, offenders, name }: FromProps) {
  const [whole, setWhole] = useState(false);
  return (
    <RankingCard
      title={title} metrics={["requests", "networks"]} headings={[text.attacks, text.networks]} name={name} empty={text.noThreats}
      rows={offenders.data && cameFrom(offenders.data.networks, of)} stale={offenders.loading} error={offenders.error} retry={offenders.retry}
      whole={whole} setWhole={setWhole}
    />
  );
}
