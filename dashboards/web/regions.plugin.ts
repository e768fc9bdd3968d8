// Makes the list of the countries' regions when the page is built: what is first below a country in ISO 3166-2, by its code
// without the country's, and as it is called where it is. A country stands in a line: AT|1 Burgenland|2 Kärnten|…
import { iso31662 } from "iso-3166";
import type { Plugin } from "vite";

function regions(): string {
  const lines = new Map<string, string>();
  for (const { code, name, parent } of iso31662) {
    if (parent.length === 2) lines.set(parent, `${lines.get(parent) ?? parent}|${code.slice(3)} ${name}`);
  }
  return [...lines.values()].join("\n");
}

/** Puts the list beside the page, as regions.txt: the page loads it when it shows a region, and Klar answers with its names. */
export function regionNames(): Plugin {
  return {
    name: "klar:regions",
    generateBundle() {
      this.emitFile({ type: "asset", fileName: "regions.txt", source: regions() });
    },
  };
}
