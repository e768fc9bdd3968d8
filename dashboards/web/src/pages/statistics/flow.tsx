// The ways from page to page: where visits begin and go on, or what comes before and after one page. Each step is a sum
// of its own: Klar keeps no visit from which a longer way could be read.
import { amount, type Answer, type WireFilter } from "../../api";
import { entry, exact, valueName } from "../../format";
import { useQuery } from "../../load";
import { EmptyState, Failure, Skeleton } from "../../states";
import { text } from "../../strings";
import { barred } from "./counted";
import { Ribbons, type FlowNode, type Link } from "./ribbons";
import type { Scope } from "./scope";

const shown = 7;
const from = "event:previous_page";
const to = "event:page";

export default function Flow({ scope }: { scope: Scope }) {
  const { view, go, filters } = scope;
  const reason = barred(from, scope.conditions);
  const filtered = filters.find((f) => f.dimension === to && f.op === "is" && f.values.length === 1)?.values[0];
  const page = view.tabs["flow"] ?? filtered ?? "";
  const choose = (flow: string) => go({ tabs: { ...view.tabs, flow } });
  const pages = useQuery({ ...scope.query(["pageviews"], { dimensions: [to], pagination: { limit: 200, offset: 0 } }), filters: [] });
  const names = pages.data?.results.map((r) => r.dimensions[0] ?? "") ?? [];
  return (
    <>
      <label class="choice">{text.flowChoice}
        <select class="control" aria-label={text.flowChoice} value={page} onChange={(e) => choose(e.currentTarget.value)}>
          <option value="">{text.flowAll}</option>
          {[...new Set(page ? [page, ...names] : names)].map((n) => <option key={n} value={n}>{n}</option>)}
        </select>
      </label>
      {reason && page === "" ? <EmptyState>{reason}</EmptyState> : page ? <Around scope={scope} page={page} choose={choose} /> : <Begun scope={scope} choose={choose} />}
    </>
  );
}

/** The rows of an answer, the largest first; what is not among them is added up at the end. */
function nodes(answer: Answer | undefined, dimension: string, all: number): FlowNode[] {
  const rows = (answer?.results ?? []).map((r) => ({ name: r.dimensions[0] ?? "", value: amount(r.metrics[0]) })).filter((n) => n.value > 0);
  const few = rows.slice(0, shown).map(({ name, value }): FlowNode => ({
    id: name, label: valueName(dimension, name), value, page: name !== entry,
  }));
  const rest = all - few.reduce((sum, n) => sum + n.value, 0);
  return rest > 0 ? [...few, { id: "\0rest", label: text.otherPages, value: rest, page: false }] : few;
}

const sum = (a: Answer): number => a.results.reduce((n, r) => n + amount(r.metrics[0]), 0);
const visitEnds: FlowNode = { id: "\0end", label: text.visitEnds, value: 0, page: false };

interface Props {
  scope: Scope;
  choose: (page: string) => void;
}

/** What comes before and after one page. */
function Around({ scope, page, choose }: Props & { page: string }) {
  const ask = (metric: string, dimension: string, filter: WireFilter) =>
    ({ ...scope.query([metric], { dimensions: [dimension], pagination: { limit: 1000, offset: 0 } }), filters: [filter] });
  const before = useQuery(ask("pageviews", from, ["is", to, [page]]));
  const after = useQuery(ask("pageviews", to, ["is", from, [page]]));
  const exits = useQuery({ ...scope.query(["exits"]), filters: [["is", to, [page]]] });
  const failed = [before, after, exits].find((a) => a.error);
  if (failed) return <Failure of={failed} />;
  if (!before.data || !after.data || !exits.data) return <Skeleton rows={shown} />;
  const views = sum(before.data);
  if (views === 0) return <EmptyState>{`${text.noData}.`}</EmptyState>;
  const left = nodes(before.data, from, views);
  const ended: FlowNode = { ...visitEnds, value: amount(exits.data.results[0]?.metrics[0]) };
  const right = [...nodes(after.data, to, sum(after.data)), ended].filter((n) => n.value > 0);
  const middle: FlowNode = { id: page, label: page, value: views, page: false };
  return (
    <Ribbons
      columns={[left, [middle], right]}
      headings={[text.cameFrom, text.views(exact("pageviews", views)), text.wentOn]}
      links={[left.map((n) => [n.id, page, n.value]), right.map((n) => [page, n.id, n.value])]}
      stale={before.loading || after.loading}
      choose={choose}
      note={text.flowNote}
      file={{ ...scope.query(["pageviews"], { dimensions: [from, to] }), filters: [] }}
    />
  );
}

/** Where visits begin, and where views of those pages go on. */
function Begun({ scope, choose }: Props) {
  const first = useQuery({ ...scope.query(["pageviews"], { dimensions: [to], pagination: { limit: 1000, offset: 0 } }), filters: [["is", from, [entry]]] });
  const total = first.data ? sum(first.data) : 0;
  const begun = nodes(first.data, to, total);
  const few = begun.filter((n) => n.page).map((n) => n.id);
  const on = useQuery(few.length === 0 ? null : {
    ...scope.query(["pageviews"], { dimensions: [from, to], pagination: { limit: 1000, offset: 0 } }), filters: [["is", from, few]],
  });
  // Visits end on a page as often as it was viewed and nothing was viewed from it.
  const views = useQuery(few.length === 0 ? null : { ...scope.query(["pageviews"], { dimensions: [to] }), filters: [["is", to, few]] });
  const gone = useQuery(few.length === 0 ? null : { ...scope.query(["pageviews"], { dimensions: [from] }), filters: [["is", from, few]] });
  const failed = [first, on, views, gone].find((a) => a.error);
  if (failed) return <Failure of={failed} />;
  if (first.data && few.length === 0) return <EmptyState>{`${text.noData} ${text.noDataHint}.`}</EmptyState>;
  if (!on.data || !views.data || !gone.data) return <Skeleton rows={shown} />;
  const ends = new Map(views.data.results.map((r) => [r.dimensions[0] ?? "", amount(r.metrics[0])]));
  for (const r of gone.data.results) ends.set(r.dimensions[0] ?? "", (ends.get(r.dimensions[0] ?? "") ?? 0) - amount(r.metrics[0]));
  const sums = new Map<string, number>();
  for (const r of on.data.results) sums.set(r.dimensions[1] ?? "", (sums.get(r.dimensions[1] ?? "") ?? 0) + amount(r.metrics[0]));
  const next = [...sums].sort((a, b) => b[1] - a[1]).slice(0, shown).map(([id, value]): FlowNode => ({ id, label: id, value, page: true }));
  next.push({ ...visitEnds, value: [...ends.values()].reduce((a, b) => a + b, 0) });
  return (
    <Ribbons
      columns={[[{ id: entry, label: text.visitBegan, value: total, page: false }], begun, next]}
      headings={[text.visitBegan, text.firstPage, text.nextPage]}
      links={[
        begun.map((n) => [entry, n.id, n.value]),
        [
          ...on.data.results.map((r): Link => [r.dimensions[0] ?? "", r.dimensions[1] ?? "", amount(r.metrics[0])]),
          ...[...ends].map(([page, n]): Link => [page, visitEnds.id, n]),
        ],
      ]}
      stale={first.loading || on.loading}
      choose={choose}
      note={text.flowNote}
      file={{ ...scope.query(["pageviews"], { dimensions: [from, to] }), filters: [] }}
    />
  );
}
