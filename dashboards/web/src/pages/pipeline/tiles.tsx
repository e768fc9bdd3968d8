// Four figures of how much comes in, waits and goes out, with their last half hour.
import { bytes } from "../../format";
import { Sparkline } from "./sparkline";
import { rate, words } from "./strings";
import type { History, Source, Status } from "./status";

export function Tiles({ status }: { status: Status }) {
  const { history, beacons, inserts, sources, spools } = status;
  return (
    <ul class="card tiles">
      <Tile name={words.tiles.lines} value={rate(together(sources))} unit={words.perSecond} values={history.lines_per_second} />
      <Tile name={words.tiles.beacons} value={rate(beacons.per_second)} unit={words.perSecond} values={history.beacons_per_second} />
      <Tile name={words.tiles.rows} value={rate(inserts.rows_per_second)} unit={words.perSecond} values={history.rows_per_second} />
      <Tile name={words.tiles.waiting} value={bytes(spools.reduce((sum, s) => sum + s.bytes, 0))} unit="" values={history.spool_bytes} />
    </ul>
  );
}

/** The rate of all sources; null while none is known. */
function together(sources: Source[]): number | null {
  const known = sources.map((s) => s.lines_per_second).filter((r) => r !== null);
  return known.length < sources.length ? null : known.reduce((sum, r) => sum + r, 0);
}

function Tile({ name, value, unit, values }: { name: string; value: string; unit: string; values: History }) {
  return (
    <li>
      <h2>{name}</h2>
      <p><b>{value}</b>{value !== "–" && unit && <span class="muted"> {unit}</span>}</p>
      <Sparkline values={values} label={`${name}: ${words.lastHalfHour}`} />
    </li>
  );
}
