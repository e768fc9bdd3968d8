// The card in the middle of the page that asks who comes.
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { Languages } from "../../shell";
import { text as shared } from "../../strings";
import { ThemeToggle } from "../../theme";
import "./sign-in.css";

export function Gate({ title, children }: { title: string; children: ComponentChildren }) {
  useEffect(() => {
    document.title = `${title} · ${shared.appName}`;
  }, [title]);
  return (
    <main class="gate">
      <div class="gate-head">
        <img src="/icon.svg" width="44" height="44" alt={shared.appName} />
        <h1>{title}</h1>
      </div>
      <div class="card">{children}</div>
      <div class="corner"><Languages /><ThemeToggle /></div>
    </main>
  );
}

interface PasswordProps {
  label: string;
  value: string;
  set: (value: string) => void;
  complete: "current-password" | "new-password" | "off";
  focus?: boolean;
}

export function Password({ label, value, set, complete, focus = false }: PasswordProps) {
  return (
    <label>
      {label}
      <input
        class="control" type="password" value={value} required maxLength={1024} autocomplete={complete} autoFocus={focus}
        onInput={(e) => set(e.currentTarget.value)}
      />
    </label>
  );
}
