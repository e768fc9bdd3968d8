// A small graph of the last half hour, without axes: how it went, not how much it was.
import type { History } from "./status";

const width = 180;
const height = 32;
const samples = 181;

export function Sparkline({ values, label }: { values: History; label: string }) {
  const most = Math.max(...values.map((v) => v ?? 0), 0);
  const x = (i: number) => ((samples - values.length + i) / (samples - 1)) * width;
  const y = (v: number) => height - 1.5 - (most > 0 ? (v / most) * (height - 4) : 0);
  // Where nothing is known the line is not drawn.
  const parts: string[] = [];
  let drawing = false;
  values.forEach((v, i) => {
    if (v !== null) parts.push(`${drawing ? "L" : "M"}${x(i).toFixed(1)} ${y(v).toFixed(1)}`);
    drawing = v !== null;
  });
  return (
    <svg class="sparkline" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
      {parts.length > 1 && <path d={parts.join("")} vector-effect="non-scaling-stroke" />}
    </svg>
  );
}
