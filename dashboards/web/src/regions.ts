// The names of regions, which are loaded when the first one is to be shown.
import { useEffect, useState } from "preact/hooks";

const names = new Map<string, string>();

/** What a region is called, by its code after ISO 3166-2; undefined while that is not loaded, and if there is no such region. */
export const regionOf = (code: string): string | undefined => names.get(code);

let loading: Promise<void> | undefined;

async function load(): Promise<void> {
  const answer = await fetch("/regions.txt");
  if (!answer.ok) throw new Error("there is no list of regions");
  for (const line of (await answer.text()).split("\n")) {
    const [country, ...regions] = line.split("|");
    for (const r of regions) names.set(`${country}-${r.slice(0, r.indexOf(" "))}`, r.slice(r.indexOf(" ") + 1));
  }
}

/** Loads the names if they are wanted, and draws what called it again when they are there. */
export function useRegions(wanted: boolean): void {
  const [, there] = useState(false);
  useEffect(() => {
    // Without names, codes are shown.
    if (wanted && names.size === 0) (loading ??= load()).then(() => there(true), () => (loading = undefined));
  }, [wanted]);
}
