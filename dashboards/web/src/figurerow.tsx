// A card with a few figures side by side.
import { brief, exact } from "./format";
import "./style/ranking.css";

export interface Figure {
  name: string;
  metric: string;
  /** undefined while it is not known. */
  value: number | null | undefined;
  /** Beside it, such as a share. */
  more?: string;
}

export function FigureRow({ label, figures, stale }: { label: string; figures: Figure[]; stale: boolean }) {
  return (
    <section class="card plainfigures" aria-label={label}>
      <dl class={stale ? "figures plain stale" : "figures plain"}>
        {figures.map((f) => (
          <div key={f.name} class="figure">
            <dt class="label">{f.name}</dt>
            <dd>
              <span class="value" title={f.value == null ? undefined : exact(f.metric, f.value)}>{f.value === undefined ? <span class="blank" /> : brief(f.metric, f.value)}</span>{" "}
              {f.more && <span class="share">{f.more}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
