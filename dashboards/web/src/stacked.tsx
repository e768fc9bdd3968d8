// A graph of columns over time, each of them cut into what it is made of.
import { useEffect, useRef, useState } from "preact/hooks";
import { amount, type Answer } from "./api";
import { brief, exact, moment, tick } from "./format";
import { local } from "./language";
import type { Interval } from "./period";
import "./style/stacked.css";

const text = local({
  en: { all: "All", highest: (value: string, when: string) => `highest ${value}, ${when}`, others: "Others", usually: "Usually" },
  de: { all: "Alle", highest: (value: string, when: string) => `höchster Wert ${value}, ${when}`, others: "Übrige", usually: "Sonst" },
});

/** How many parts have a colour of their own; the rest is one. */
export const colours = 8;

export interface Stack {
  /** Wall-clock times as milliseconds, as if they were UTC. */
  times: number[];
  /** From the largest; those beyond the colours are added up in the last one. */
  parts: { name: string; values: number[] }[];
}

const wallClock = (label: string) => Date.parse(label.slice(0, 19).replace(" ", "T") + (label.length > 10 ? "Z" : "T00:00:00Z"));

/** Makes a stack of an answer by time and one dimension, in this order. Values of one name are one part. */
export function stackOf(answer: Answer, name: (value: string) => string): Stack {
  const labels = answer.meta.time_labels ?? [...new Set(answer.results.map((r) => r.dimensions[0] ?? ""))].sort();
  const at = new Map(labels.map((l, i) => [l, i]));
  const found = new Map<string, number[]>();
  for (const { dimensions: [time = "", value = ""], metrics } of answer.results) {
    const values = found.get(name(value)) ?? labels.map(() => 0);
    found.set(name(value), values);
    const i = at.get(time);
    if (i !== undefined) values[i] = (values[i] ?? 0) + amount(metrics[0]);
  }
  const sum = (list: number[]) => list.reduce((a, b) => a + b, 0);
  const parts = [...found].map(([name, values]) => ({ name, values })).sort((a, b) => sum(b.values) - sum(a.values));
  const rest = parts.splice(parts.length > colours ? colours - 1 : colours);
  if (rest.length > 0) parts.push({ name: text.others, values: labels.map((_, i) => sum(rest.map((r) => r.values[i] ?? 0))) });
  return { times: labels.map(wallClock), parts };
}

/** What a column usually is, and between what it lies when all is well. */
export interface Band {
  low: number;
  usual: number;
  high: number;
}

interface Props {
  stack: Stack;
  metric: string;
  interval: Interval;
  label: string;
  stale: boolean;
  /** Moments at which something was out of the ordinary: wall-clock times like those of the stack, in any order. */
  marks?: number[] | undefined;
  /** What there usually is, column by column, as a line in a band; undefined where that is not known. */
  usual?: { name: string; bands: (Band | undefined)[] } | undefined;
}

const height = 240;
const left = 52;
const bottom = 26;
const top = 8;

export function Stacked({ stack, metric, interval, label, stale, marks = [], usual }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [over, setOver] = useState<number>();
  useEffect(() => {
    if (!box.current) return;
    const observer = new ResizeObserver(([entry]) => entry && setWidth(entry.contentRect.width));
    observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  const totals = stack.times.map((_, i) => stack.parts.reduce((n, p) => n + (p.values[i] ?? 0), 0));
  const most = niceTop(Math.max(0, ...totals, ...(usual?.bands ?? []).map((b) => b?.high ?? 0)));
  const step = Math.max(0, width - left - 12) / Math.max(1, stack.times.length);
  const y = (n: number) => top + (height - top - bottom) * (1 - n / most);
  const x = (i: number) => left + i * step;
  const bar = step > 4 ? Math.min(step * 0.78, 44) : step;
  const highest = totals.indexOf(Math.max(...totals));
  const spoken = totals.length > 0 ? `${label}, ${text.highest(exact(metric, totals[highest] ?? 0), moment(stack.times[highest] ?? 0, interval))}` : label;
  const point = (e: PointerEvent & { currentTarget: SVGSVGElement }) => {
    const i = Math.floor((e.clientX - e.currentTarget.getBoundingClientRect().left - left) / step);
    setOver(i >= 0 && i < stack.times.length ? i : undefined);
  };
  return (
    <div class={stale ? "stacked stale" : "stacked"}>
      <ul class="keys">
        {stack.parts.map((p, i) => <li key={p.name}><i data-part={i} aria-hidden="true" />{p.name}</li>)}
        {usual && <li><i class="usual" aria-hidden="true" />{usual.name}</li>}
      </ul>
      <div class="stack" ref={box}>
        {width > 0 && (
          <svg width={width} height={height} role="img" aria-label={spoken} onPointerMove={point} onPointerLeave={() => setOver(undefined)}>
            {[0, 1, 2, 3, 4].map((n) => (
              <g key={n}>
                <line class="rule" x1={left} x2={width - 12} y1={y((most * n) / 4)} y2={y((most * n) / 4)} />
                <text x={left - 8} y={y((most * n) / 4) + 4} text-anchor="end">{brief(metric, (most * n) / 4)}</text>
              </g>
            ))}
            {usual && <path class="band" d={area(usual.bands, x, step, y)} />}
            {over !== undefined && <rect class="over" x={x(over)} y={top} width={step} height={height - top - bottom} />}
            {stack.times.map((time, i) => <Column key={time} stack={stack} i={i} x={x(i) + (step - bar) / 2} width={bar} y={y} />)}
            {usual && <path class="usual" d={line(usual.bands.map((b) => b?.usual), (i) => x(i) + step / 2, y)} />}
            {stack.times.map((time, i) => marks.some((m) => m >= time && m < (stack.times[i + 1] ?? Infinity)) && <path key={time} class="mark" d={`M${x(i) + step / 2} ${Math.max(9, y(totals[i] ?? 0) - 3)}l-5 -8h10z`} />)}
            {labelled(stack.times, interval, Math.floor((width - left) / 64)).map((i) => (
              <text key={i} x={x(i) + step / 2} y={height - 8} text-anchor="middle">{tick(stack.times[i] ?? 0, interval, oneDay(stack.times))}</text>
            ))}
          </svg>
        )}
        {over !== undefined && <Tip {...{ stack, metric, interval }} band={usual?.bands[over]} i={over} right={over > stack.times.length / 2} at={x(over) + step / 2} width={width} />}
      </div>
    </div>
  );
}

/** A line through the values, with gaps where there are none. */
const line = (values: (number | undefined)[], x: (i: number) => number, y: (n: number) => number): string =>
  values.map((v, i) => (v === undefined ? "" : `${values[i - 1] === undefined ? "M" : "L"}${x(i).toFixed(1)} ${y(v).toFixed(1)}`)).join("");

/** The bands as steps, each as wide as its column. */
const area = (bands: (Band | undefined)[], x: (i: number) => number, step: number, y: (n: number) => number): string =>
  bands.map((b, i) => (b ? `M${x(i).toFixed(1)} ${y(b.high).toFixed(1)}h${step.toFixed(1)}V${y(b.low).toFixed(1)}h${(-step).toFixed(1)}z` : "")).join("");

interface ColumnProps {
  stack: Stack;
  i: number;
  x: number;
  width: number;
  y: (n: number) => number;
}

function Column({ stack, i, x, width, y }: ColumnProps) {
  let below = 0;
  return (
    <>
      {stack.parts.map((p, part) => {
        const value = p.values[i] ?? 0;
        if (value === 0) return null;
        below += value;
        return <rect key={p.name} data-part={part} x={x} width={width} y={y(below)} height={Math.max(0.6, y(below - value) - y(below))} />;
      })}
    </>
  );
}

interface TipProps extends Pick<Props, "stack" | "metric" | "interval"> {
  band: Band | undefined;
  i: number;
  at: number;
  right: boolean;
  width: number;
}

function Tip({ stack, metric, interval, band, i, at, right, width }: TipProps) {
  const rows = stack.parts.map((p, part) => ({ name: p.name, part, value: p.values[i] ?? 0 })).filter((r) => r.value > 0);
  return (
    <div class="tip" aria-hidden="true" style={right ? { left: "auto", right: `${width - at + 12}px` } : { left: `${at + 12}px` }}>
      <p class="when">{moment(stack.times[i] ?? 0, interval)}</p>
      {rows.map((r) => <p key={r.name}><span><i data-part={r.part} /> {r.name}</span><b>{exact(metric, r.value)}</b></p>)}
      {rows.length !== 1 && <p class="then"><span>{text.all}</span><b>{exact(metric, rows.reduce((n, r) => n + r.value, 0))}</b></p>}
      {band && <p class="then"><span>{text.usually}</span><b>{exact(metric, Math.round(band.low))}–{exact(metric, Math.round(band.high))}</b></p>}
    </div>
  );
}

const oneDay = (times: number[]) => (times[times.length - 1] ?? 0) - (times[0] ?? 0) < 86_400_000;

/** The columns that get a label: evenly spaced, hours on round ones. */
function labelled(times: number[], interval: Interval, room: number): number[] {
  const steps = interval === "hour" ? [1, 2, 3, 6, 12, 24, 48, 96, 168] : interval === "day" ? [1, 2, 3, 4, 7, 14, 28, 56] : [];
  const least = Math.ceil(times.length / Math.max(1, room));
  const step = steps.find((n) => n >= least) ?? least;
  const skip = interval === "hour" ? (step - (new Date(times[0] ?? 0).getUTCHours() % step)) % step : 0;
  return times.map((_, i) => i).filter((i) => i >= skip && (i - skip) % step === 0);
}

/** A top of the scale that four steps divide evenly. */
function niceTop(most: number): number {
  if (most <= 4) return 4;
  const size = 10 ** Math.floor(Math.log10(most));
  const nice = [1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10].map((n) => n * size).find((n) => n >= most) ?? most;
  return Math.ceil(nice / 4) * 4;
}
