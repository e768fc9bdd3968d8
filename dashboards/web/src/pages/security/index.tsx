// What attacks the site, and what goes wrong besides.
import { amount, type WireFilter } from "../../api";
import { share, valueName } from "../../format";
import { FigureRow } from "../../figurerow";
import { useQuery } from "../../load";
import { Ranking } from "../../ranking";
import { SitePage, type SiteScope } from "../../sitepage";
import { Timeline } from "../../timeline";
import { text, threatName } from "./strings";
import "./security.css";

export default function Security() {
  return <SitePage title={text.title}>{(scope) => <Page scope={scope} />}</SitePage>;
}

const attacks: WireFilter[] = [["is_not", "event:threat", [""]]];
const statuses = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, i) => String(first + i));
const failed: WireFilter[] = [["is", "event:status", statuses(400, 599)]];
const failing: WireFilter[] = [["is", "event:status", statuses(500, 599)]];

/** A path of which nothing but the payload of an attack was left out is named so. */
const pathName = (path: string) => (path === "/…" ? text.removed : path);

function Page({ scope }: { scope: SiteScope }) {
  const all = useQuery(scope.ask(["requests", "threats", "errors"]));
  const server = useQuery(scope.ask(["requests"], { filters: failing }));
  const figure = (answer: typeof all, i: number) => answer.data && amount(answer.data.results[0]?.metrics[i]);
  const [requests, threats, errors, fives] = [figure(all, 0), figure(all, 1), figure(all, 2), figure(server, 0)];
  const part = (of: number | undefined) => (of && requests ? text.ofAll(share(of, requests)) : "");
  return (
    <>
      <FigureRow
        label={text.figures}
        stale={all.loading}
        figures={[
          { name: text.threats, metric: "requests", value: threats, more: part(threats) },
          { name: text.errors, metric: "requests", value: errors, more: part(errors) },
          { name: text.server, metric: "requests", value: fives, more: part(fives) },
        ]}
      />
      <Timeline scope={scope} title={text.overTime} metric="requests" dimension="event:threat" filters={attacks} name={threatName} empty={text.noThreats} />
      {threats !== 0 && <Attacks scope={scope} />}
      <div class="section-head"><h2>{text.rest}</h2></div>
      <Timeline
        scope={scope} title={text.statusClasses} metric="requests" dimension="event:status" filters={failed}
        name={(v) => text.status[v[0] ?? ""] ?? v} empty={text.noErrors}
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

/** What the attacks were, what they aimed at, and whether they were let in. */
function Attacks({ scope }: { scope: SiteScope }) {
  return (
    <div class="grid">
      <Ranking scope={scope} title={text.classes} dimension="event:threat" metrics={["requests"]} filters={attacks} name={threatName} empty={text.noThreats} />
      <Ranking scope={scope} title={text.targets} dimension="event:page" metrics={["requests"]} filters={attacks} name={pathName} empty={text.noThreats} />
      <Ranking scope={scope} title={text.answers} dimension="event:status" metrics={["requests"]} filters={attacks} name={(v) => valueName("event:status", v)} empty={text.noThreats} />
      <Ranking scope={scope} title={text.attackMethods} dimension="event:method" metrics={["requests"]} filters={attacks} name={String} empty={text.noThreats} />
    </div>
  );
}
