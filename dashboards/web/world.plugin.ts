// Makes the map of the world when the page is built: the outlines of Natural Earth's countries (world-atlas, public
// domain) in the Equal Earth projection, as paths of an SVG by the countries' two letters. What is too small for an
// outline at this size is a dot.
import { createRequire } from "node:module";
import type { Plugin } from "vite";

type Point = [number, number];
interface Country {
  id?: string;
  type: "Polygon" | "MultiPolygon" | null;
  arcs: number[][] | number[][][];
  properties: { name: string };
}
interface Topology {
  transform: { scale: Point; translate: Point };
  arcs: Point[][];
  objects: { countries: { geometries: Country[] } };
}

const require = createRequire(import.meta.url);
const coarse = require("world-atlas/countries-110m.json") as Topology;
const fine = require("world-atlas/countries-50m.json") as Topology;
const codes = require("i18n-iso-countries/codes.json") as [string, string, string, string][];

/** Width of the map in its own units; the height follows. */
const width = 1000;
const north = 84;
const south = -56;
const dot = 2.5;

const lettersOf = (c: Country): string => (c.properties.name === "Kosovo" ? "XK" : (codes.find(([, , number]) => number === c.id)?.[0] ?? ""));

/** The arcs of a topology as degrees: each point is stored as the difference to the one before. */
function decode({ arcs, transform: { scale, translate } }: Topology): Point[][] {
  return arcs.map((arc) => {
    let x = 0;
    let y = 0;
    return arc.map(([dx, dy]) => [(x += dx) * scale[0] + translate[0], (y += dy) * scale[1] + translate[1]]);
  });
}

/** The rings of a country; ~i is arc i backwards. Rings over the date line go on beyond 180 degrees. */
function ringsOf(c: Country, arcs: Point[][]): Point[][] {
  const rings = (c.type === "MultiPolygon" ? (c.arcs as number[][][]).flat() : c.type ? c.arcs : []) as number[][];
  return rings.map((ring) => {
    const points = ring.flatMap((i) => (i < 0 ? [...(arcs[~i] ?? [])].reverse() : (arcs[i] ?? [])));
    let last = points[0]?.[0] ?? 0;
    return points.map(([x, y]) => [(last += ((x - last + 540) % 360) - 180), y]);
  });
}

/** Equal Earth (Šavrič, Patterson and Jenny, 2018), in units of the map. */
function project([x, y]: Point): Point {
  const m = Math.sqrt(3) / 2;
  const [a, b, c, d] = [1.340264, -0.081106, 0.000893, 0.003796];
  const at = (degrees: number) => {
    const t = Math.asin(m * Math.sin((degrees * Math.PI) / 180));
    const t2 = t * t;
    return { t, up: t * (a + b * t2 + t2 ** 3 * (c + d * t2)), wide: m * (a + 3 * b * t2 + t2 ** 3 * (7 * c + 9 * d * t2)) };
  };
  const unit = width / (2 * (Math.PI / at(0).wide));
  const { t, up, wide } = at(y);
  return [width / 2 + (unit * ((x * Math.PI) / 180) * Math.cos(t)) / wide, unit * (at(north).up - up)];
}

/** A ring as a path of whole steps; undefined if nothing is left of it. */
function path(ring: Point[]): string | undefined {
  const steps: Point[] = [];
  let at: Point | undefined;
  for (const p of ring) {
    const [x, y] = project(p).map(Math.round) as Point;
    if (!at || x !== at[0] || y !== at[1]) steps.push(at ? [x - at[0], y - at[1]] : [x, y]);
    at = [x, y];
  }
  if (steps.length < 4) return undefined;
  const pair = ([x, y]: Point) => `${x}${y < 0 ? "" : " "}${y}`;
  const [first, ...rest] = steps;
  return first && `M${pair(first)}l${rest.map(pair).join(" ").replace(/ -/g, "-")}z`;
}

function shapes(): { viewBox: string; countries: Record<string, string> } {
  const countries: Record<string, string> = {};
  const draw = (t: Topology, shape: (rings: Point[][]) => string) => {
    const arcs = decode(t);
    for (const c of t.objects.countries.geometries) {
      const letters = lettersOf(c);
      if (letters === "AQ" || (letters && countries[letters])) continue;
      countries[letters] = (countries[letters] ?? "") + shape(ringsOf(c, arcs));
    }
  };
  draw(coarse, (rings) => rings.flatMap((r) => path(r) ?? []).join(""));
  draw(fine, (rings) => {
    const points = rings.flat();
    const middle = (i: 0 | 1) => points.reduce((sum, p) => sum + p[i], 0) / Math.max(1, points.length);
    const [x, y] = project([middle(0), middle(1)]);
    return `M${Math.round(x - dot)} ${Math.round(y)}a${dot} ${dot} 0 1 0 ${2 * dot} 0a${dot} ${dot} 0 1 0-${2 * dot} 0z`;
  });
  const bottom = Math.ceil(project([0, south])[1]);
  return { viewBox: `0 0 ${width + 20} ${bottom}`, countries };
}

export function world(): Plugin {
  const name = "virtual:world";
  return {
    name: "klar:world",
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load: (id) => (id === `\0${name}` ? `export default ${JSON.stringify(shapes())}` : undefined),
  };
}
