// Who crawls the site: bots by what they are for and by name, and what is read for artificial intelligence.
import { amount, type WireFilter } from "../../api";
import { share, valueName } from "../../format";
import { FigureRow } from "../../figurerow";
import { useQuery } from "../../load";
import { Ranking } from "../../ranking";
import { SitePage, type SiteScope } from "../../sitepage";
import { Timeline } from "../../timeline";
import { withFilter } from "../../view";
import { Advice } from "./advice";
import { AIReport, aiClasses } from "./ai";
import { botName, className, text } from "./strings";
import "./bots.css";

export default function Bots() {
  return <SitePage title={text.title}>{(scope) => <Page scope={scope} />}</SitePage>;
}

const dimensions = ["event:bot_class", "event:bot"];

function Page({ scope }: { scope: SiteScope }) {
  const filters = scope.view.filters.filter((f) => dimensions.includes(f.dimension) && f.op === "is");
  const chosen = (dimension: string) => filters.find((f) => f.dimension === dimension)?.values[0];
  // Everything is of bots; a filter says so where none is chosen.
  const wire: WireFilter[] = filters.length > 0 ? filters.map((f) => ["is", f.dimension, f.values]) : [["is_not", "event:bot", [""]]];
  const choose = (dimension: string) => (value: string) =>
    scope.go({ filters: chosen(dimension) === value ? filters.filter((f) => f.dimension !== dimension) : withFilter(filters, { op: "is", dimension, values: [value] }) });
  const one = chosen("event:bot_class") !== undefined || chosen("event:bot") !== undefined;
  return (
    <>
      {one && (
        <div class="chips">
          {filters.map((f) => (
            <button key={f.dimension} type="button" class="control" onClick={() => choose(f.dimension)(f.values[0] ?? "")}>
              {text.only(f.dimension === "event:bot" ? botName(f.values[0] ?? "") : className(f.values[0] ?? ""))} <span aria-hidden="true">×</span>
            </button>
          ))}
          <button type="button" class="button quiet" onClick={() => scope.go({ filters: [] })}>{text.all}</button>
        </div>
      )}
      <Figures scope={scope} filters={wire} />
      <Timeline
        scope={scope} title={text.overTime} metric="requests" dimension={one ? "event:bot" : "event:bot_class"} filters={wire}
        name={one ? botName : className} empty={text.none}
      />
      <div class="grid">
        <Ranking scope={scope} title={text.classes} dimension="event:bot_class" metrics={["requests", "bytes"]} filters={wire} name={className} empty={text.none} choose={choose("event:bot_class")} chosen={chosen("event:bot_class")} />
        <Ranking scope={scope} title={text.names} dimension="event:bot" metrics={["requests", "bytes"]} filters={wire} name={botName} empty={text.none} choose={choose("event:bot")} chosen={chosen("event:bot")} />
        <Ranking scope={scope} title={text.pages} dimension="event:page" metrics={["requests", "bytes"]} filters={wire} name={(v) => valueName("event:page", v)} empty={text.none} />
        <Ranking scope={scope} title={text.statuses} dimension="event:status" metrics={["requests", "bytes"]} filters={wire} name={(v) => valueName("event:status", v)} empty={text.none} />
      </div>
      <AIReport scope={scope} />
      <Advice scope={scope} />
    </>
  );
}

function Figures({ scope, filters }: { scope: SiteScope; filters: WireFilter[] }) {
  const all = useQuery(scope.ask(["requests"]));
  const classes = useQuery(scope.ask(["requests", "bytes", "errors"], { dimensions: ["event:bot_class"], filters }));
  const rows = classes.data?.results;
  const sum = (i: number, of?: string[]) => rows?.filter((r) => !of || of.includes(r.dimensions[0] ?? "")).reduce((n, r) => n + amount(r.metrics[i]), 0);
  const requests = sum(0);
  const every = all.data && amount(all.data.results[0]?.metrics[0]);
  const part = (of: number | undefined, whole: number | null | undefined) => (of !== undefined && whole ? share(of, whole) : "");
  return (
    <FigureRow
      label={text.figures}
      stale={classes.loading}
      figures={[
        { name: text.requests, metric: "requests", value: requests, more: every && requests ? text.ofAll(part(requests, every)) : "" },
        { name: text.bytes, metric: "bytes", value: sum(1) },
        { name: text.errors, metric: "errors", value: sum(2), more: part(sum(2), requests) },
        { name: text.ai, metric: "requests", value: sum(0, aiClasses), more: part(sum(0, aiClasses), requests) },
      ]}
    />
  );
}
