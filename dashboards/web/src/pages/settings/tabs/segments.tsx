// Saved segments of a site: filters that are asked for by a name.
import { useState } from "preact/hooks";
import { dimensionName } from "../../../format";
import { ErrorState, Skeleton } from "../../../states";
import type { Segment } from "../api";
import { Definitions } from "../definitions";
import { Field, Input, Lines, written } from "../fields";
import { Matched } from "../preview";
import { opWords, text } from "../strings";
import type { TabProps } from "../tabs";
import { Undefined } from "../undefined";
import { useSettings } from "../use";

const dimensions = [
  "event:page", "event:hostname", "event:name", "visit:entry_page", "visit:source", "visit:channel", "visit:utm_source", "visit:utm_medium",
  "visit:utm_campaign", "visit:country", "visit:region", "visit:city", "visit:device", "visit:browser", "visit:os",
];

/** One condition, as most segments consist of. */
type Row = [op: string, dimension: string, values: string[]];

const isRow = (f: unknown): f is Row =>
  Array.isArray(f) && f.length === 3 && typeof f[0] === "string" && f[0] in opWords && typeof f[1] === "string" &&
  Array.isArray(f[2]) && f[2].every((v) => typeof v === "string");

const words = (f: unknown): string =>
  isRow(f) ? `${dimensionName(f[1])} ${opWords[f[0]] ?? ""} ${f[2].join(", ")}` : JSON.stringify(f);

const trimmed = (filters: unknown[]): unknown[] => filters.map((f) => (isRow(f) ? [f[0], f[1], written(f[2])] : f));
const isWhole = (filters: unknown[]): boolean => filters.length > 0 && filters.every((f) => !isRow(f) || written(f[2]).length > 0);

export default function SegmentsTab({ site, open }: TabProps) {
  const settings = useSettings(site);
  if (settings.error) return <ErrorState message={settings.error} retry={settings.retry} />;
  if (!site) return <Undefined open={open} />;
  if (!settings.data) return <Skeleton rows={5} />;
  if (settings.data.site.source === "figures") return <Undefined site={site.id} open={open} />;
  return (
    <Definitions
      kind="segments" title={text.segments} hint={text.segmentsHint} add={text.addSegment} entries={settings.data.segments} settings={settings}
      blank={{ name: "", filters: [["is", "event:page", [""]]] }} describe={(s) => s.filters.map(words).join(" · ")}
      body={(s) => {
        const body: Segment = { name: s.name.trim(), filters: trimmed(s.filters), ...(s.id ? { id: s.id } : {}) };
        return { body, whole: body.name !== "" && isWhole(s.filters) };
      }}
      form={({ value, set, error }) => (
        <>
          <Input label={text.name} value={value.name} set={(name) => set({ ...value, name })} error={error("name")} limit={120} focus />
          <Filters filters={value.filters} set={(filters) => set({ ...value, filters })} error={error} />
          <Matched site={site.id} filters={isWhole(value.filters) ? trimmed(value.filters) : null} />
        </>
      )}
    />
  );
}

interface FiltersProps {
  filters: unknown[];
  set: (filters: unknown[]) => void;
  error: (field: string) => string | undefined;
}

/** Conditions in rows; filters that are more than that are written as JSON. */
function Filters({ filters, set, error }: FiltersProps) {
  const [asText] = useState(() => !filters.every(isRow));
  const [draft, setDraft] = useState(() => JSON.stringify(filters));
  const [broken, setBroken] = useState(false);
  if (asText) {
    const typed = (value: string) => {
      setDraft(value);
      try {
        const read: unknown = JSON.parse(value);
        setBroken(!Array.isArray(read));
        if (Array.isArray(read)) set(read);
      } catch {
        setBroken(true);
      }
    };
    return (
      <Field label={text.filters} hint={text.filtersHint} error={broken ? text.notJSON : error("filters")}>
        {(attributes) => <textarea {...attributes} class="control code-text" rows={4} value={draft} spellcheck={false} onInput={(e) => typed(e.currentTarget.value)} />}
      </Field>
    );
  }
  const rows = filters as Row[];
  const change = (i: number, row: Row) => set(rows.map((old, n) => (n === i ? row : old)));
  return (
    <fieldset class="steps">
      <legend>{text.conditions}</legend>
      <ol>
        {rows.map(([op, dimension, values], i) => (
          <li key={i} class="condition">
            <select class="control" aria-label={text.dimensionOf(i + 1)} value={dimension} onChange={(e) => change(i, [op, e.currentTarget.value, values])}>
              {[...new Set([dimension, ...dimensions])].map((d) => <option key={d} value={d}>{dimensionName(d)}</option>)}
            </select>
            <select class="control" aria-label={text.operatorOf(i + 1)} value={op} onChange={(e) => change(i, [e.currentTarget.value, dimension, values])}>
              {Object.entries(opWords).map(([o, said]) => <option key={o} value={o}>{said}</option>)}
            </select>
            <Lines label={text.valuesOf(i + 1)} hint={text.valuesHint} lines={values} set={(v) => change(i, [op, dimension, v])} error={error(`filters.${i}`)} />
            <button type="button" class="button quiet" disabled={rows.length === 1} aria-label={text.removeCondition(i + 1)} onClick={() => set(rows.filter((_, n) => n !== i))}>×</button>
          </li>
        ))}
      </ol>
      {error("filters") && !rows.some((_, i) => error(`filters.${i}`)) && <p class="wrong" role="alert">{error("filters")}</p>}
      <button type="button" class="button quiet" onClick={() => set([...rows, ["is", "visit:country", [""]]])}>{text.addCondition}</button>
    </fieldset>
  );
}
