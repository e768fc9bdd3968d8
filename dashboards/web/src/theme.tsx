import { useEffect, useState } from "preact/hooks";
import { text } from "./strings";

const system = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();

/** Whether the page is dark now, by choice or by the system. */
export function isDark(): boolean {
  const chosen = document.documentElement.dataset["theme"];
  return chosen ? chosen === "dark" : system.matches;
}

/** Like isDark, and renders again when it changes. */
export function useDark(): boolean {
  const [dark, setDark] = useState(isDark);
  useEffect(() => {
    const changed = () => setDark(isDark());
    listeners.add(changed);
    system.addEventListener("change", changed);
    return () => {
      listeners.delete(changed);
      system.removeEventListener("change", changed);
    };
  }, []);
  return dark;
}

/** Chooses the other theme. Back at the system's own, the choice is forgotten and the system is followed again. */
function toggle() {
  const dark = !isDark();
  const root = document.documentElement;
  if (dark === system.matches) delete root.dataset["theme"];
  else root.dataset["theme"] = dark ? "dark" : "light";
  try {
    if (dark === system.matches) localStorage.removeItem("klar.theme");
    else localStorage.setItem("klar.theme", dark ? "dark" : "light");
  } catch {
    // Storage is switched off: the choice holds for this page.
  }
  for (const f of listeners) f();
}

export function ThemeToggle() {
  const dark = useDark();
  const label = dark ? text.themeToLight : text.themeToDark;
  return (
    <button type="button" class="control square" aria-label={label} title={label} onClick={toggle}>
      <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
        {dark ? (
          <path d="M8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3 3l1.2 1.2M11.8 11.8 13 13M3 13l1.2-1.2M11.8 4.2 13 3M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z" />
        ) : (
          <path d="M13.5 9.6A6 6 0 0 1 6.4 2.5a6 6 0 1 0 7.1 7.1Z" />
        )}
      </svg>
    </button>
  );
}
