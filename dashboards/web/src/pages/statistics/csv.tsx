// The rows of a panel as a file.
import { useState } from "preact/hooks";
import { fetchCSV, type Query } from "../../api";
import { text } from "../../strings";

/** Fetches all rows, not only those that are shown, and has the browser save them. */
export function CSVButton({ name, query }: { name: string; query: Query }) {
  const [state, setState] = useState<"ready" | "busy" | "failed">("ready");
  const save = async () => {
    setState("busy");
    try {
      const address = URL.createObjectURL(await fetchCSV(query));
      const file = [query.site_id, name, ...new Set(query.date_range.map((d) => d.slice(0, 10)))].join(" ").replace(/[^\p{L}\p{N}.-]+/gu, "-");
      Object.assign(document.createElement("a"), { href: address, download: `${file}.csv` }).click();
      URL.revokeObjectURL(address);
      setState("ready");
    } catch {
      setState("failed");
    }
  };
  const label = state === "failed" ? text.csvFailed(name) : text.csv(name);
  return (
    <button type="button" class={`button quiet csv ${state}`} aria-label={label} title={label} disabled={state === "busy"} onClick={() => void save()}>
      <svg width="15" height="15" viewBox="0 0 16 16" aria-hidden="true"><path d="M8 2v8M4.8 7 8 10.2 11.2 7M2.5 13.5h11" /></svg>
    </button>
  );
}
