// The parts that the forms are made of. Each field says what is wrong with it where it stands.
import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import { text } from "./strings";

/** What is wrong, by field; the empty one is the whole form. */
export type Errors = Record<string, string>;

/** The first error of a field or of a part of it, such as steps.1 of steps. */
export const errorOf = (errors: Errors, field: string): string | undefined =>
  errors[field] ?? Object.entries(errors).find(([at]) => at.startsWith(`${field}.`))?.[1];

interface FieldProps {
  label: string;
  hint?: string | undefined;
  error?: string | undefined;
  /** The control, with the attributes that tie it to the label and to what is said of it. */
  children: (attributes: { id: string; "aria-describedby": string; "aria-invalid": boolean }) => ComponentChildren;
}

export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, "aria-describedby": `${id}-said`, "aria-invalid": !!error })}
      <p id={`${id}-said`} class={error ? "wrong" : "muted"} role={error ? "alert" : undefined}>{error ?? hint}</p>
    </div>
  );
}

interface InputProps extends Omit<FieldProps, "children"> {
  value: string;
  set: (value: string) => void;
  placeholder?: string;
  list?: string;
  type?: "text" | "date";
  focus?: boolean;
  limit?: number;
}

export function Input({ value, set, placeholder, list, type = "text", focus, limit = 2000, ...field }: InputProps) {
  return (
    <Field {...field}>
      {(attributes) => (
        <input
          {...attributes} class="control" type={type} value={value} placeholder={placeholder} list={list} maxLength={limit}
          autocomplete="off" spellcheck={false} ref={focus ? focusOnce : undefined} onInput={(e) => set(e.currentTarget.value)}
        />
      )}
    </Field>
  );
}

interface PasswordProps extends Omit<FieldProps, "children"> {
  value: string;
  set: (value: string) => void;
  /** What the browser may fill in or suggest. */
  complete?: "current-password" | "new-password";
  focus?: boolean;
}

export function Password({ value, set, complete = "new-password", focus, ...field }: PasswordProps) {
  return (
    <Field {...field}>
      {(attributes) => (
        <input
          {...attributes} class="control" type="password" value={value} maxLength={1024} autocomplete={complete}
          ref={focus ? focusOnce : undefined} onInput={(e) => set(e.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** Focuses a control when it appears. */
function focusOnce(element: HTMLElement | null): void {
  element?.focus();
}

interface LinesProps extends Omit<FieldProps, "children"> {
  lines: string[];
  set: (lines: string[]) => void;
  placeholder?: string;
}

/** Texts, one in a line. */
export function Lines({ lines, set, placeholder, ...field }: LinesProps) {
  return (
    <Field {...field}>
      {(attributes) => (
        <textarea
          {...attributes} class="control" rows={Math.max(2, lines.length + 1)} value={lines.join("\n")} placeholder={placeholder}
          spellcheck={false} onInput={(e) => set(e.currentTarget.value.split("\n"))}
        />
      )}
    </Field>
  );
}

/** The lines that say something. */
export const written = (lines: string[]): string[] => lines.map((l) => l.trim()).filter((l) => l !== "");

interface ChoiceProps<T extends string> {
  label: string;
  value: T;
  options: Record<T, string>;
  set: (value: T) => void;
}

/** One of a few, side by side. */
export function Choice<T extends string>({ label, value, options, set }: ChoiceProps<T>) {
  const name = useId();
  return (
    <fieldset class="choice">
      <legend>{label}</legend>
      {(Object.entries(options) as [T, string][]).map(([option, words]) => (
        <label key={option}><input type="radio" name={name} checked={option === value} onChange={() => set(option)} />{words}</label>
      ))}
    </fieldset>
  );
}

/** A text to copy. Where the browser does not let a page copy, the text is selected. */
export function Copy({ label, value }: { label: string; value: string }) {
  const id = useId();
  const [done, setDone] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value);
      setDone(true);
    } catch {
      const block = document.getElementById(id);
      if (block) getSelection()?.selectAllChildren(block);
    }
  };
  return (
    <div class="copy">
      <pre id={id} tabIndex={0} aria-label={label}>{value}</pre>
      <button type="button" class="control" onClick={copy}>{text.copy}</button>
      <span class="hidden" role="status">{done ? text.copied : ""}</span>
      {done && <span class="muted" aria-hidden="true">{text.copied}</span>}
    </div>
  );
}
