// What waits, what was delivered, the engine, the disk, and what is stored.
import type { ComponentChildren } from "preact";
import { bytes, duration } from "../../format";
import { EmptyState } from "../../states";
import { ago, clock } from "./moment";
import { count, words } from "./strings";
import type { Status } from "./status";

/** A name with its figure. */
function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return <div><dt>{name}</dt><dd>{children}</dd></div>;
}

export function Delivery({ status, now }: { status: Status; now: number }) {
  const { inserts, spools, beacons } = status;
  const dropped = Object.entries(beacons.dropped).sort(([, a], [, b]) => b - a);
  return (
    <section class="card block" aria-labelledby="delivery">
      <h2 id="delivery">{words.delivery}</h2>
      <dl class="facts">
        {spools.map((s) => (
          <Fact key={s.name} name={words.spool(s.name)}>
            {s.bytes > 0 ? words.spoolHolds(bytes(s.bytes), duration(s.age_seconds)) : words.spoolEmpty}
            {s.refused_blocks > 0 && <span class="badge" data-level="amber">{words.setAside(s.refused_blocks)}</span>}
          </Fact>
        ))}
        <Fact name={words.lastSuccess}>{inserts.last_success ? <span title={clock(inserts.last_success)}>{ago(inserts.last_success, now)}</span> : words.never}</Fact>
        <Fact name={words.failures}>{count(inserts.failures)}</Fact>
        {inserts.refused > 0 && <Fact name={words.refused}>{count(inserts.refused)}</Fact>}
      </dl>
      <h3>{words.beacons} <span class="muted">{words.since}</span></h3>
      <dl class="facts">
        <Fact name={words.counted}>{count(beacons.counted)}</Fact>
        {dropped.map(([reason, n]) => <Fact key={reason} name={`${words.dropped}: ${words.reasonNames[reason] ?? reason}`}>{count(n)}</Fact>)}
      </dl>
    </section>
  );
}

export function Engine({ status, now }: { status: Status; now: number }) {
  const { engine, disk } = status;
  const used = disk.size_bytes > 0 ? 1 - disk.free_bytes / disk.size_bytes : 0;
  const level = used > 0.97 ? "red" : used > 0.9 ? "amber" : "green";
  return (
    <section class="card block" aria-labelledby="engine">
      <h2 id="engine">{words.engine}</h2>
      <dl class="facts">
        <Fact name={words.kinds[engine.kind]}>{engine.answers ? engine.version : <span class="badge" data-level="red">{words.away}</span>}</Fact>
        {engine.answers && engine.up_since && <Fact name={words.upSince}><span title={clock(engine.up_since)}>{ago(engine.up_since, now)}</span></Fact>}
        <Fact name={words.restarts}>{count(engine.restarts)}</Fact>
        <Fact name={words.memory}>{engine.memory_bytes > 0 ? bytes(engine.memory_bytes) : words.unknown}</Fact>
        <Fact name={words.disk}>{disk.size_bytes > 0 ? words.free(bytes(disk.free_bytes), bytes(disk.size_bytes)) : words.unknown}</Fact>
      </dl>
      {disk.size_bytes > 0 && <div class="meter" data-level={level} aria-hidden="true"><span style={{ width: `${100 * used}%` }} /></div>}
    </section>
  );
}

export function Storage({ status, now }: { status: Status; now: number }) {
  const { storage } = status;
  const tables = storage.tables.filter((t) => t.rows > 0).sort((a, b) => b.bytes - a.bytes);
  return (
    <section class="card block" aria-labelledby="storage">
      <h2 id="storage">{words.storage} <span class="muted">{bytes(storage.bytes)}{storage.at && ` · ${words.countedAt(ago(storage.at, now))}`}</span></h2>
      {tables.length === 0 ? <EmptyState>{words.nothingStored}</EmptyState> : (
        <div class="halves">
          <div>
            <h3>{words.bySite}</h3>
            <Bars all={storage.sites.map((s) => ({ name: s.site, rows: s.rows, size: s.bytes_estimated, about: true }))} />
            <p class="muted small">{words.estimated}</p>
          </div>
          <div>
            <h3>{words.byTable}</h3>
            <Bars all={tables.map((t) => ({ name: t.table, rows: t.rows, size: t.bytes, about: false }))} />
          </div>
        </div>
      )}
    </section>
  );
}

function Bars({ all }: { all: { name: string; rows: number; size: number; about: boolean }[] }) {
  const most = Math.max(...all.map((one) => one.size), 1);
  return (
    <ul class="sizes">
      {all.map((one) => (
        <li key={one.name}>
          <span class="bar" style={{ "--part": one.size / most }} />
          <span class="name">{one.name}</span>
          <span class="muted small">{words.rowsOf(one.rows)}</span>
          <b>{one.about && "≈ "}{bytes(one.size)}</b>
        </li>
      ))}
    </ul>
  );
}
