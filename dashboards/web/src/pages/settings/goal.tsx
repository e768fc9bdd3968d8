// The form of a goal: a page that is reached, or an event.
import { useState } from "preact/hooks";
import type { Goal } from "./api";
import { Choice, Field, Input, Lines } from "./fields";
import { eventFilters, Matched, pageFilters, type Filters } from "./preview";
import { text } from "./strings";

export function describeGoal(g: Goal): string {
  const props = Object.entries(g.props ?? {}).map(([key, value]) => `${key}=${value}`);
  return [
    g.page !== undefined ? `${text.page} ${g.page}` : `${text.event} ${g.event ?? ""}`,
    ...(g.scroll ? [text.scrolled(g.scroll)] : []), ...props, ...(g.currency ? [g.currency] : []),
  ].join(" · ");
}

/** What is sent: of a page no events' keys, and the other way about. */
export function goalBody(g: Goal): { body: Goal; whole: boolean } {
  const name = g.name.trim();
  const props = Object.entries(g.props ?? {}).filter(([key]) => key !== "");
  const body: Goal = g.event === undefined
    ? { name, page: (g.page ?? "").trim(), ...(g.scroll ? { scroll: g.scroll } : {}) }
    : { name, event: g.event.trim(), ...(props.length > 0 ? { props: Object.fromEntries(props) } : {}), ...(g.currency ? { currency: g.currency.trim() } : {}) };
  return { body, whole: name !== "" && !!(body.page || body.event) };
}

/** What the Stats API can tell of days before the goal: not how far a page was scrolled, and not two properties at once. */
function filtersOf(g: Goal): Filters {
  if (g.event === undefined) return g.scroll || !g.page ? null : pageFilters([g.page.trim()]);
  const props = Object.entries(g.props ?? {}).filter(([key]) => key !== "");
  const event = props.length > 1 ? null : eventFilters(g.event.trim());
  return event && [...event, ...props.map(([key, value]) => ["is", `event:props:${key}`, [value]])];
}

interface Props {
  site: string;
  value: Goal;
  set: (value: Goal) => void;
  error: (field: string) => string | undefined;
}

export function GoalForm({ site, value, set, error }: Props) {
  const event = value.event !== undefined;
  const [lines, setLines] = useState(() => Object.entries(value.props ?? {}).map(([key, v]) => `${key}=${v}`));
  return (
    <>
      <Input label={text.name} value={value.name} set={(name) => set({ ...value, name })} error={error("name")} limit={120} focus />
      <Choice
        label={text.reachedBy} value={event ? "event" : "page"} options={{ page: text.page, event: text.event }}
        set={(kind) => set(kind === "event" ? { name: value.name, event: "" } : { name: value.name, page: "" })}
      />
      {event ? (
        <>
          <Input label={text.eventName} hint={text.eventHint} value={value.event ?? ""} set={(e) => set({ ...value, event: e })} error={error("event")} placeholder="Sign up" />
          <Lines
            label={text.props} hint={text.propsHint} lines={lines} error={error("props")} placeholder="plan=pro"
            set={(next) => {
              setLines(next);
              set({ ...value, props: propsOf(next) });
            }}
          />
          <Input label={text.currency} hint={text.currencyHint} value={value.currency ?? ""} set={(c) => set({ ...value, currency: c.toUpperCase() })} error={error("currency")} limit={3} placeholder="EUR" />
        </>
      ) : (
        <>
          <Input label={text.page} hint={text.pageHint} value={value.page ?? ""} set={(page) => set({ ...value, page })} error={error("page")} placeholder="/newsletter/thanks" />
          <Field label={text.scroll} hint={text.scrollHint} error={error("scroll")}>
            {(attributes) => (
              <input {...attributes} class="control" type="number" min={0} max={100} value={value.scroll ?? 0} onInput={(e) => set({ ...value, scroll: e.currentTarget.valueAsNumber || 0 })} />
            )}
          </Field>
        </>
      )}
      <Matched site={site} filters={filtersOf(value)} />
    </>
  );
}

/** Lines such as plan=pro as properties; a line without = is one that is being typed. */
function propsOf(lines: string[]): Record<string, string> {
  return Object.fromEntries(lines.filter((l) => l !== "").map((l) => {
    const at = l.indexOf("=");
    return at < 0 ? [l, ""] : [l.slice(0, at).trim(), l.slice(at + 1)];
  }));
}
