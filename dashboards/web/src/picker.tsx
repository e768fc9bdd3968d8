import { useEffect, useRef, useState } from "preact/hooks";
import type { Site } from "./api";
import { days } from "./format";
import { isDay, periods, shift, type Choice, type Period, type Range } from "./period";
import { useKeys } from "./load";
import { periodNames, text } from "./strings";
import type { Go } from "./view";

interface Props {
  site: Site;
  period: Period;
  range: Range;
  now: string;
  go: Go;
  /** What the menu offers beside two dates. */
  choices?: Choice[];
}

export function PeriodPicker({ site, period, range, now, go, choices = periods }: Props) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!open) return;
    const outside = (e: Event) => box.current?.contains(e.target as Node) || setOpen(false);
    addEventListener("pointerdown", outside);
    addEventListener("focusin", outside);
    return () => {
      removeEventListener("pointerdown", outside);
      removeEventListener("focusin", outside);
    };
  }, [open]);
  useKeys((key) => {
    if (key === "ArrowLeft") move(-1);
    if (key === "ArrowRight" && !atEnd) move(1);
    if (key.toLowerCase() === "c") setOpen(true);
  });

  const atEnd = shift(range, 1).from > now;
  const move = (by: -1 | 1) => go({ period: "custom", custom: shift(range, by), interval: null });
  const choose = (p: Period, custom?: Range) => {
    setOpen(false);
    button.current?.focus();
    go({ period: p, custom, interval: null });
  };
  const close = (e: KeyboardEvent) => {
    if (e.key !== "Escape" || !open) return;
    e.stopPropagation();
    setOpen(false);
    button.current?.focus();
  };
  const named = period !== "custom";
  return (
    <div class="picker" ref={box} onKeyDown={close}>
      <button type="button" class="control square step" aria-label={text.previous} title={text.previous} onClick={() => move(-1)}>
        <Chevron d="M10 3 5 8l5 5" />
      </button>
      <button type="button" class="control square step" aria-label={text.next} title={text.next} disabled={atEnd} onClick={() => move(1)}>
        <Chevron d="m6 3 5 5-5 5" />
      </button>
      <button type="button" ref={button} class="control period" aria-expanded={open} title={days(range)} onClick={() => setOpen(!open)}>
        <span class="hidden">{text.period}: </span>
        <span>{named ? periodNames[period] : days(range)}</span>
        <Chevron d="m3 6 5 5 5-5" />
      </button>
      {open && <Menu {...{ site, period, range, now, choices, choose }} />}
    </div>
  );
}

const Chevron = ({ d }: { d: string }) => (
  <svg width="14" height="14" viewBox="0 0 16 16" aria-hidden="true"><path d={d} /></svg>
);

interface MenuProps extends Omit<Props, "go" | "choices"> {
  choices: Choice[];
  choose: (p: Period, custom?: Range) => void;
}

function Menu({ period, range, now, choices, choose }: MenuProps) {
  const [from, setFrom] = useState(range.from);
  const [to, setTo] = useState(range.to);
  const valid = isDay(from) && isDay(to) && from <= to;
  return (
    <div class="menu">
      <ul>
        {choices.map((p) => (
          <li key={p.period} class={p.line ? "line" : ""}>
            <button type="button" aria-current={p.period === period ? "true" : undefined} onClick={() => choose(p.period)}>
              <span>{periodNames[p.period]}</span>
              <kbd aria-hidden="true">{p.key}</kbd>
            </button>
          </li>
        ))}
      </ul>
      <form
        class="custom line"
        onSubmit={(e) => {
          e.preventDefault();
          if (valid) choose("custom", { from, to });
        }}
      >
        <label>{text.from}<input type="date" max={now} value={from} required onInput={(e) => setFrom(e.currentTarget.value)} /></label>
        <label>{text.to}<input type="date" min={from} value={to} required onInput={(e) => setTo(e.currentTarget.value)} /></label>
        <button class="button" disabled={!valid}>{text.apply}</button>
      </form>
    </div>
  );
}
