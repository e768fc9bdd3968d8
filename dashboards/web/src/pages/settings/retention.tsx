// How long figures are kept: a number and a unit, which stand for a text such as 25 months.
import { Field } from "./fields";
import { text, unitNames } from "./strings";

const units: Record<string, string> = { d: "days", m: "months", y: "years" };

function parts(value: string): [count: string, unit: string] {
  const m = /^\s*(\d*)\s*([dmy])/i.exec(value);
  return [m?.[1] ?? "", units[m?.[2]?.toLowerCase() ?? "m"] ?? "months"];
}

/** A period in the reader's language. */
export function spoken(value: string): string {
  const [count, unit] = parts(value);
  return count ? `${count} ${unitNames[unit] ?? unit}` : text.forEver;
}

interface Props {
  value: string;
  set: (value: string) => void;
  error: string | undefined;
}

export function Retention({ value, set, error }: Props) {
  const [count, unit] = parts(value);
  return (
    <Field label={text.retention} hint={text.retentionHint} error={error}>
      {(attributes) => (
        <div class="measured">
          <input {...attributes} class="control" type="number" min={1} max={36600} value={count} onInput={(e) => set(e.currentTarget.value && `${e.currentTarget.value} ${unit}`)} />
          <select class="control" aria-label={text.retentionUnit} value={unit} disabled={!count} onChange={(e) => set(`${count} ${e.currentTarget.value}`)}>
            {Object.entries(unitNames).map(([u, name]) => <option key={u} value={u}>{name}</option>)}
          </select>
        </div>
      )}
    </Field>
  );
}
