// A button that puts a text on the clipboard and says so.
import { useState } from "preact/hooks";
import { local } from "./language";

const text = local({
  en: { copied: "Copied", failed: "The browser does not let Klar copy: mark the text and copy it by hand" },
  de: { copied: "Kopiert", failed: "Der Browser lässt Klar nicht kopieren: markieren Sie den Text und kopieren Sie ihn von Hand" },
});

export function CopyButton({ children, value, quiet }: { children: string; value: () => string; quiet?: boolean }) {
  const [said, say] = useState("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(value());
      say(text.copied);
    } catch {
      say(text.failed);
    }
    setTimeout(() => say(""), 4000);
  };
  return (
    <span class="copy">
      <button type="button" class={quiet ? "control" : "button"} onClick={copy}>{children}</button>
      <span role="status">{said}</span>
    </span>
  );
}
