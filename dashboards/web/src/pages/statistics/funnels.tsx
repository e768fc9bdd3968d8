// A funnel: how many visits came as far as each step, and how many went away before the next.
import { amount, wireFilters } from "../../api";
import { exact, percent } from "../../format";
import { useQuery } from "../../load";
import { EmptyState, Failure, Skeleton } from "../../states";
import { text } from "../../strings";
import { barred } from "./counted";
import { CSVButton } from "./csv";
import { Notes } from "./notes";
import type { Scope } from "./scope";
import { Undefined } from "./undefined";

export default function Funnels({ scope }: { scope: Scope }) {
  const { site, view, go, filters } = scope;
  const list = site.funnels ?? [];
  const funnel = list.find((f) => f.name === view.tabs["funnel"]) ?? list[0];
  const reason = barred("event:funnel", scope.conditions);
  const query = scope.query(["visits", "visitors"], {
    dimensions: ["event:funnel_step"],
    filters: [...wireFilters(filters), ["is", "event:funnel", [funnel?.name ?? ""]]],
  });
  const answer = useQuery(!funnel || reason ? null : query);
  if (!funnel) return <Undefined site={site}>{text.noFunnels}</Undefined>;
  const counts = funnel.steps.map((_, i) => amount(answer.data?.results.find((r) => r.dimensions[0] === String(i + 1))?.metrics[0]));
  return (
    <>
      <label class="choice">{text.funnelChoice}
        <select class="control" aria-label={text.funnelChoice} value={funnel.name} onChange={(e) => go({ tabs: { ...view.tabs, funnel: e.currentTarget.value } })}>
          {list.map((f) => <option key={f.name} value={f.name}>{f.name}</option>)}
        </select>
      </label>
      {reason ? (
        <EmptyState>{reason}</EmptyState>
      ) : answer.error ? (
        <Failure of={answer} />
      ) : !answer.data ? (
        <Skeleton rows={funnel.steps.length} />
      ) : (
        <div class={answer.loading ? "panel-body stale" : "panel-body"}>
          <ol class="funnel">
            {funnel.steps.map((step, i) => <Step key={i} name={step} count={counts[i] ?? 0} before={i > 0 ? (counts[i - 1] ?? 0) : undefined} first={counts[0] ?? 0} />)}
          </ol>
          <div class="panel-foot"><Notes meta={answer.data.meta} /><span class="muted">{text.funnelNote}</span><CSVButton name={funnel.name} query={query} /></div>
        </div>
      )}
    </>
  );
}

interface StepProps {
  /** As the configuration has it: a page, event:NAME or goal:NAME. */
  name: string;
  count: number;
  /** Of the step before; undefined for the first. */
  before: number | undefined;
  first: number;
}

function Step({ name, count, before, first }: StepProps) {
  const part = (n: number, of: number) => (of > 0 ? Math.round((1000 * n) / of) / 10 : 0);
  const [, kind, rest] = /^(event|goal):(.*)$/s.exec(name) ?? [];
  const shown = rest ?? name;
  const lost = before === undefined ? 0 : Math.max(0, before - count);
  return (
    <li class="step-row">
      {before !== undefined && <p class="lost">{lost > 0 ? text.lost(exact("visits", lost), percent(part(lost, before))) : text.nobodyLost}</p>}
      <div class="step-line">
        <span class="step-name" title={shown}>{kind && <span class="muted">{kind === "goal" ? text.goal : text.event} </span>}{shown}</span>
        <span class="step-bar"><span style={{ "--part": first > 0 ? count / first : 0 }} /></span>
        <span class="step-count"><b>{exact("visits", count)}</b> <span class="muted">{percent(part(count, first))}</span></span>
      </div>
    </li>
  );
}
