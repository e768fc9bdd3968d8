// The area chart: uPlot under Klar's own look, with a crosshair and a tooltip.
import uPlot from "uplot";
import { brief, exact, isDuration, isShare, moment, tick } from "./format";
import type { Interval } from "./period";
import { metricNames, text } from "./strings";

export interface ChartData {
  /** Milliseconds of wall-clock time. */
  x: number[];
  y: (number | null)[];
  /** The period before, point by point. */
  before: (number | null)[] | undefined;
  metric: string;
  interval: Interval;
  oneDay: boolean;
}

/** Draws into box and follows its width until the returned function is called. */
export function drawChart(box: HTMLElement, data: ChartData): () => void {
  const style = getComputedStyle(box);
  const colour = (name: string) => resolve(box, `var(--${name})`);
  const font = `11px ${style.fontFamily}`;
  const accent = colour("accent");
  const before = data.x.map((_, i) => data.before?.[i] ?? null);
  const height = () => (box.clientWidth < 560 ? 200 : 280);
  const dense = data.x.length > 62;
  const points = data.x.length === 1;
  const axis = { stroke: colour("muted"), font, ticks: { show: false } };

  const chart = new uPlot(
    {
      width: box.clientWidth,
      height: height(),
      ms: 1,
      tzDate: (ts) => uPlot.tzDate(new Date(ts), "Etc/UTC"),
      padding: [12, 20, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { size: 9, width: 2, fill: accent, stroke: () => colour("card") }, drag: { x: false, y: false } },
      scales: { y: { range: (_, __, max) => [0, niceTop(max, data.metric)] } },
      axes: [
        {
          ...axis,
          grid: { show: false },
          gap: 8,
          size: 32,
          splits: (u) => ticks(data, Math.floor(u.over.clientWidth / 64)),
          values: (_, splits) => splits.map((s) => tick(s, data.interval, data.oneDay)),
        },
        {
          ...axis,
          grid: { stroke: colour("grid"), width: 1 },
          gap: 8,
          size: 52,
          splits: (_, __, min, max) => [0, 1, 2, 3, 4].map((i) => min + ((max - min) * i) / 4),
          values: (_, splits) => splits.map((s) => brief(data.metric, s)),
        },
      ],
      series: [
        {},
        { stroke: colour("before"), width: 1.5, dash: [4, 4], points: { show: false }, spanGaps: true },
        {
          stroke: accent,
          width: dense ? 1.75 : 2.25,
          fill: (u) => shade(u, accent),
          points: { show: points, size: 8, fill: accent },
          paths: uPlot.paths.spline?.(),
          spanGaps: true,
        },
      ],
      hooks: { setCursor: [tooltip(box, data)] },
    },
    [data.x, before, data.y],
    box,
  );
  const resize = new ResizeObserver(() => chart.setSize({ width: box.clientWidth, height: height() }));
  resize.observe(box);
  return () => {
    resize.disconnect();
    chart.destroy();
    box.querySelector(".tip")?.remove();
  };
}

/** The colour that a custom property stands for now; a canvas cannot read properties itself. */
function resolve(box: HTMLElement, value: string): string {
  const probe = document.createElement("i");
  probe.style.color = value;
  box.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

function shade(u: uPlot, accent: string): CanvasGradient {
  const g = u.ctx.createLinearGradient(0, u.bbox.top, 0, u.bbox.top + u.bbox.height);
  g.addColorStop(0, accent.replace("rgb(", "rgba(").replace(")", ", 0.24)"));
  g.addColorStop(1, accent.replace("rgb(", "rgba(").replace(")", ", 0.01)"));
  return g;
}

/** The points that get a label: evenly spaced, at most as many as there is room for; hours on round ones. */
function ticks({ x, interval }: ChartData, room: number): number[] {
  const steps = interval === "hour" ? [1, 2, 3, 6, 12, 24, 48, 96, 168] : interval === "day" ? [1, 2, 3, 4, 7, 14, 28, 56] : [];
  const least = Math.ceil(x.length / Math.max(1, room));
  const step = steps.find((n) => n >= least) ?? least;
  const first = x[0] ?? 0;
  const skip = interval === "hour" ? (step - (new Date(first).getUTCHours() % step)) % step : 0;
  return x.filter((_, i) => i >= skip && (i - skip) % step === 0);
}

/** A top of the scale that four steps divide evenly. */
function niceTop(max: number | null, metric: string): number {
  const whole = metric === "bounce_rate" || metric === "exit_rate" || metric === "scroll_depth";
  if (whole || !max) return whole ? 100 : 4;
  if (isDuration(metric)) return [60, 120, 240, 480, 960, 1800, 3600].find((n) => n >= max) ?? max;
  const size = 10 ** Math.floor(Math.log10(max));
  const top = [1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10].map((n) => n * size).find((n) => n >= max) ?? max;
  return metric === "views_per_visit" || isShare(metric) ? top : Math.max(4, Math.ceil(top / 4) * 4);
}

/** A box that follows the pointer and says what stands under it. */
function tooltip(box: HTMLElement, data: ChartData): (u: uPlot) => void {
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  box.append(tip);
  const line = (className: string, label: string, value: string) => {
    const row = document.createElement("p");
    row.className = className;
    row.append(label, Object.assign(document.createElement("b"), { textContent: value }));
    return row;
  };
  return (u) => {
    const i = u.cursor.idx;
    tip.hidden = i == null || (u.cursor.left ?? -1) < 0;
    if (i == null || tip.hidden) return;
    const when = Object.assign(document.createElement("p"), { className: "when", textContent: moment(data.x[i] ?? 0, data.interval) });
    const rows = [when, line("now", metricNames[data.metric] ?? data.metric, exact(data.metric, data.y[i] ?? null))];
    const then = data.before?.[i];
    if (then != null) rows.push(line("then", text.before, exact(data.metric, then)));
    tip.replaceChildren(...rows);
    const left = u.over.offsetLeft + u.valToPos(data.x[i] ?? 0, "x");
    const flip = left + tip.offsetWidth + 16 > box.clientWidth;
    tip.style.transform = `translate(${Math.max(0, flip ? left - tip.offsetWidth - 12 : left + 12)}px, 16px)`;
  };
}
