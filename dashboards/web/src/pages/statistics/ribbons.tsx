// A flow graph: columns of nodes, and between them ribbons as wide as what goes from one to the other.
import type { Query } from "../../api";
import { exact } from "../../format";
import { text } from "../../strings";
import { CSVButton } from "./csv";

export interface FlowNode {
  id: string;
  label: string;
  value: number;
  /** Whether it can be gone to. */
  page: boolean;
}

/** From a node of one column to one of the next, and how much. */
export type Link = [string, string, number];

interface Props {
  columns: FlowNode[][];
  headings: string[];
  /** Between each column and the next. */
  links: Link[][];
  stale: boolean;
  choose: (page: string) => void;
  note: string;
  /** What is saved as a file. */
  file: Query;
}

const height = 340;
const gap = 10;
const least = 18; // so that a label has room

interface Placed extends FlowNode {
  top: number;
  size: number;
}

/** Heights in proportion, none too small for its label; the rest of the room is shared. */
function place(nodes: FlowNode[]): Placed[] {
  const room = height - gap * (nodes.length - 1) - least * nodes.length;
  const sum = nodes.reduce((n, x) => n + x.value, 0);
  let top = 0;
  return nodes.map((n) => {
    const size = least + (sum > 0 ? (room * n.value) / sum : 0);
    const placed = { ...n, top, size };
    top += size + gap;
    return placed;
  });
}

export function Ribbons({ columns, headings, links, stale, choose, note, file }: Props) {
  const placed = columns.map(place);
  return (
    <div class={stale ? "panel-body stale" : "panel-body"}>
      <div class="flow" style={{ "--height": `${height}px` }}>
        {placed.flatMap((nodes, i) => [
          i > 0 && <Gutter key={`links${i}`} left={placed[i - 1] ?? []} right={nodes} links={links[i - 1] ?? []} />,
          <Column key={i} heading={headings[i] ?? ""} nodes={nodes} choose={choose} />,
        ])}
      </div>
      <div class="flow-foot"><p class="muted">{note}</p><CSVButton name={text.flowAll} query={file} /></div>
    </div>
  );
}

function Column({ heading, nodes, choose }: { heading: string; nodes: Placed[]; choose: (page: string) => void }) {
  return (
    <div class="flow-column">
      <h3>{heading}</h3>
      <ol>
        {nodes.map((n) => (
          <li key={n.id} style={{ "--top": `${n.top}px`, "--size": `${n.size}px` }}>
            {n.page ? (
              <button type="button" title={text.flowThrough(n.label)} onClick={() => choose(n.id)}><span class="text">{n.label}</span></button>
            ) : (
              <span class="text" title={n.label}>{n.label}</span>
            )}
            <b>{exact("pageviews", n.value)}</b>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** The ribbons between two columns. On each side a node's ribbons lie below each other, as high as their part of it. */
function Gutter({ left, right, links }: { left: Placed[]; right: Placed[]; links: Link[] }) {
  const used = new Map<string, number>();
  const room = (side: string, n: Placed, part: number): [number, number] => {
    const key = side + n.id;
    const start = n.top + (used.get(key) ?? 0);
    used.set(key, (used.get(key) ?? 0) + part);
    return [start, start + part];
  };
  const sums = (end: 0 | 1) => {
    const all = new Map<string, number>();
    for (const l of links) all.set(l[end], (all.get(l[end]) ?? 0) + l[2]);
    return all;
  };
  const [out, into] = [sums(0), sums(1)];
  const order = (nodes: Placed[], id: string) => nodes.findIndex((n) => n.id === id);
  const known = links
    .filter(([a, b, n]) => n > 0 && order(left, a) >= 0 && order(right, b) >= 0)
    .sort((x, y) => order(left, x[0]) - order(left, y[0]) || order(right, x[1]) - order(right, y[1]));
  return (
    <svg class="ribbons" viewBox={`0 0 100 ${height}`} preserveAspectRatio="none" aria-hidden="true">
      {known.map(([a, b, n]) => {
        const [l, r] = [left[order(left, a)], right[order(right, b)]];
        if (!l || !r) return null;
        const [y0, y1] = room("l", l, (l.size * n) / Math.max(l.value, out.get(a) ?? n));
        const [z0, z1] = room("r", r, (r.size * n) / Math.max(r.value, into.get(b) ?? n));
        return <path key={`${a}\0${b}`} d={`M0 ${y0}C50 ${y0} 50 ${z0} 100 ${z0}V${z1}C50 ${z1} 50 ${y1} 0 ${y1}Z`} />;
      })}
    </svg>
  );
}
