// A list of what a site defines of one kind, and the form in which one of them is made or changed.
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Refused, type Kind, type Origin } from "./api";
import { errorOf, type Errors } from "./fields";
import { reason } from "./reasons";
import { text } from "./strings";
import { useUnsaved } from "./unsaved";
import type { SiteSettings } from "./use";

interface FormProps<T> {
  /** What it was called so far; empty for something new. */
  name: string;
  value: T;
  set: (value: T) => void;
  error: (field: string) => string | undefined;
}

interface Props<T extends { name: string }> {
  kind: Kind;
  title: string;
  hint: string;
  add: string;
  entries: (T & Origin)[];
  settings: SiteSettings;
  blank: T;
  /** What it is, in a line. */
  describe: (one: T) => ComponentChildren;
  form: (props: FormProps<T>) => ComponentChildren;
  /** The field that is at fault when none is named. */
  main?: (value: T) => string;
  /** What is sent of a form, and whether enough of it is there to be checked. */
  body: (value: T) => { body: T; whole: boolean };
}

/** What is being changed: the name of an entry, "" for a new one. */
type Open = string | null;

export function Definitions<T extends { name: string }>(props: Props<T>) {
  const { title, hint, add, entries, settings, kind } = props;
  const [open, setOpen] = useState<Open>(null);
  const [wrong, setWrong] = useState<{ name: string; reason: string }>();
  useEffect(() => setWrong(undefined), [settings.data]); // whatever changed, it may be possible now
  const remove = async (name: string) => {
    if (!confirm(text.removeSure(name))) return;
    try {
      await settings.change({ kind, name, body: null });
    } catch (e) {
      setWrong({ name, reason: reasonOf(e) });
    }
  };
  return (
    <section class="card section" aria-label={title}>
      <div class="section-head">
        <div><h2>{title}</h2><p class="muted">{hint}</p></div>
        {open === null && <button type="button" class="button" onClick={() => setOpen("")}>{add}</button>}
      </div>
      {open === "" && <Editor {...props} name="" initial={props.blank} close={() => setOpen(null)} />}
      {entries.length === 0 && open === null && <p class="muted none">{text.none}</p>}
      <ul class="entries">
        {entries.map((one) => one.source === "interface" && one.name === open ? (
          <li key={one.name}><Editor {...props} name={one.name} initial={one} close={() => setOpen(null)} /></li>
        ) : (
          <li key={`${one.source} ${one.name}`} class="entry">
            <div class="what"><b>{one.name}</b><span class="muted">{props.describe(one)}</span></div>
            {one.source === "file" && <span class="badge" title={text.fromFileHint}>{text.fromFile}</span>}
            {one.source === "interface" && open === null && (
              <span class="actions">
                <button type="button" class="button quiet" aria-label={`${text.edit}: ${one.name}`} onClick={() => setOpen(one.name)}>{text.edit}</button>
                <button type="button" class="button quiet" aria-label={`${text.remove}: ${one.name}`} onClick={() => remove(one.name)}>{text.remove}</button>
              </span>
            )}
            {one.problem && <p class="wrong">{text.doesNotHold(reason(one.problem))}</p>}
            {wrong?.name === one.name && <p class="wrong" role="alert">{wrong.reason}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}

const reasonOf = (e: unknown): string => (e instanceof Error ? e.message : text.failed);

interface EditorProps<T extends { name: string }> extends Props<T> {
  name: string;
  initial: T;
  close: () => void;
}

function Editor<T extends { name: string }>({ kind, name, initial, close, settings, form, body, main, add }: EditorProps<T>) {
  const [begun] = useState(initial);
  const [value, setValue] = useState<T>(begun);
  const [errors, setErrors] = useState<Errors>({});
  const [saving, setSaving] = useState(false);
  const dirty = JSON.stringify(value) !== JSON.stringify(begun);
  useUnsaved(dirty);
  const sent = body(value);
  const refused = (e: unknown) => {
    const field = !(e instanceof Refused) ? "" : e.status === 422 && main ? e.field || main(value) : e.field;
    setErrors({ [field]: reasonOf(e) });
  };
  useEffect(() => {
    if (!dirty || !sent.whole) return setErrors({});
    const abort = new AbortController();
    const soon = setTimeout(() => {
      settings.change({ kind, name, body: sent.body, attempt: true, signal: abort.signal }).then(
        () => setErrors({}),
        (e: unknown) => abort.signal.aborted || (e instanceof Refused && e.status === 422 && refused(e)),
      );
    }, 400);
    return () => {
      clearTimeout(soon);
      abort.abort();
    };
  }, [JSON.stringify(sent.body)]);
  const save = async (e: Event) => {
    e.preventDefault();
    setSaving(true);
    try {
      await settings.change({ kind, name, body: sent.body });
      close();
    } catch (e) {
      setSaving(false);
      refused(e);
    }
  };
  const cancel = () => {
    if (!dirty || confirm(text.discard)) close();
  };
  return (
    <form class="editor" aria-label={name || add} onSubmit={save} onKeyDown={(e) => e.key === "Escape" && cancel()}>
      {form({ name, value, set: setValue, error: (field) => errorOf(errors, field) })}
      {errors[""] && <p class="wrong" role="alert">{errors[""]}</p>}
      <p class="buttons">
        <button class="button" disabled={saving}>{text.save}</button>
        <button type="button" class="button quiet" onClick={cancel}>{text.cancel}</button>
      </p>
    </form>
  );
}
