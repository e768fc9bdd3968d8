// The last half hour as it happens: requests by the minute, and who is on the site now, asked for again every few seconds.
import { amount, fetchCurrent, fetchQuery, type Answer } from "../../api";
import type { Site } from "../../api";
import { exact } from "../../format";
import { useLoaded } from "../../load";
import { text } from "../../strings";

const minutes = 30;
const lately = 5;
const everyMs = 4_000;

/** Stands on the page as soon as something came in within the last half hour. */
export function Live({ site }: { site: Site }) {
  const answer = useLoaded(site.id, ask, everyMs);
  const current = useLoaded(site.id, fetchCurrent, everyMs).data;
  const values = answer.data && byMinute(answer.data);
  if (!values?.some((v) => v > 0)) return null;
  const sum = (list: number[]) => exact("requests", list.reduce((a, b) => a + b, 0));
  return (
    <section class="card live" aria-label={text.live}>
      <span class="pulse" aria-hidden="true" />
      <p>
        {current !== undefined && <span class="now"><b>{exact("visitors", current)}</b> {text.liveNow(current)}</span>}
        <b>{sum(values.slice(-lately))}</b> {text.liveLately(lately)}
        <span class="muted">{text.liveAll(sum(values), minutes)}</span>
      </p>
      <Bars values={values} />
    </section>
  );
}

/** Requests by the minute, wide. */
export function Minutes({ site }: { site: Site }) {
  const answer = useLoaded(site.id, ask, everyMs);
  if (!answer.data) return null;
  const values = byMinute(answer.data);
  return (
    <figure class="minutes">
      <figcaption>{text.liveGraph(exact("requests", Math.max(0, ...values)))}</figcaption>
      <Bars values={values} />
    </figure>
  );
}

const ask = (site: string, signal: AbortSignal): Promise<Answer> =>
  fetchQuery(JSON.stringify({
    site_id: site, metrics: ["requests"], date_range: "realtime_30m", dimensions: ["time:minute"], include: { time_labels: true },
  }), signal);

/** The requests of each minute, also of those in which there were none. */
function byMinute(answer: Answer): number[] {
  const known = new Map(answer.results.map((r) => [r.dimensions[0], amount(r.metrics[0])]));
  return (answer.meta.time_labels ?? []).map((label) => known.get(label) ?? 0);
}

const height = 28;

function Bars({ values }: { values: number[] }) {
  const most = Math.max(1, ...values);
  return (
    <svg class="bars" viewBox={`0 0 ${values.length * 4} ${height}`} preserveAspectRatio="none" role="img" aria-label={text.liveGraph(exact("requests", most))}>
      {values.map((v, i) => {
        const size = v === 0 ? 1 : Math.max(2, (v / most) * height);
        return <rect key={i} x={i * 4} y={height - size} width={3} height={size} />;
      })}
    </svg>
  );
}
