// Paragraphs for the privacy notice of a site, made of what the configuration does. Every sentence that does not hold of
// it is left out; what only the site's owner can know stands in square brackets.
import { credits, keepsSignals, shortened4, type Facts, type SiteFacts, type Ways } from "./facts";
import type { Language } from "../../language";
import de from "./notice-de";
import en from "./notice-en";

/** The legal bases that are offered; open leaves a gap to fill in. */
export const bases = ["open", "interests", "task", "consent"] as const;
export type Basis = (typeof bases)[number];

export interface Section {
  heading: string;
  paragraphs: string[];
}

/** The sentences of a language. */
export interface Texts {
  title: string;
  headings: Record<"what" | "how" | "shortened" | "stored" | "place" | "attacks" | "retention" | "object" | "basis" | "rights", string>;
  purpose: string;
  controller: string;
  log: string;
  script: string;
  pixel: string;
  server: string;
  noCookies: string;
  shortening: (removed4: number, removed6: number, before: string, after: string) => string;
  day: string;
  sums: string;
  buffer: string;
  attributes: (list: string[]) => string;
  attribute: Record<"country" | "city" | "provider" | "browser" | "language" | "window", string>;
  crowd: (people: number) => string;
  paths: string;
  query: (names: string[]) => string;
  noQuery: string;
  reading: string;
  events: string;
  revenue: string;
  geo: string;
  credit: (names: string[]) => string;
  embedded: string;
  elsewhere: string;
  signals: string;
  kept: (time: string) => string;
  days: (n: number) => string;
  months: (n: number) => string;
  unlimited: string;
  ownLog: string;
  respectedScript: (signals: string) => string;
  respectedLog: (signals: string) => string;
  or: string;
  optOut: string;
  contact: string;
  basis: Record<Basis, string>;
  rights: string;
}

const signalNames = { gpc: "Global Privacy Control (Sec-GPC)", dnt: "Do Not Track (DNT)" };

/** Makes the paragraphs. */
export function notice(facts: Facts, site: SiteFacts, ways: Ways, basis: Basis, language: Language): Section[] {
  const t: Texts = { en, de }[language];
  const named = (list: ("gpc" | "dnt")[]) => list.map((s) => signalNames[s]).join(` ${t.or} `);
  const sections: [keyof Texts["headings"], (string | false)[]][] = [
    ["what", [t.controller, t.purpose]],
    ["how", [ways.log && t.log, ways.script && t.script, ways.pixel && t.pixel, ways.server && t.server, t.noCookies]],
    ["shortened", [t.shortening(32 - facts.ipv4_prefix, 128 - facts.ipv6_prefix, ...shortened4(facts.ipv4_prefix)), t.day]],
    ["stored", [
      t.sums, t.attributes(attributes(facts, ways, t)), t.crowd(facts.crowd), t.paths,
      facts.query.length > 0 ? t.query(facts.query) : t.noQuery, t.buffer,
      ways.script && t.reading, (ways.script || ways.server) && t.events, site.revenue && t.revenue,
    ]],
    ["place", [facts.geo.length > 0 && t.geo, credits(facts).length > 0 && t.credit(credits(facts).map((c) => `${c.name} (${c.link})`)),
      facts.store === "embedded" ? t.embedded : t.elsewhere]],
    ["attacks", [keepsSignals(facts) && t.signals]],
    ["retention", [retained(site, t), ways.log && t.ownLog]],
    ["object", [
      ways.script && facts.respect.length > 0 && t.respectedScript(named(facts.respect)),
      ways.log && site.log_signals.length > 0 && t.respectedLog(named(site.log_signals)),
      ways.script && t.optOut, t.contact,
    ]],
    ["basis", [t.basis[basis]]],
    ["rights", [t.rights]],
  ];
  return sections
    .map(([key, said]) => ({ heading: t.headings[key], paragraphs: said.filter((s) => s !== false) }))
    .filter((s) => s.paragraphs.length > 0);
}

function attributes(facts: Facts, ways: Ways, t: Texts): string[] {
  const has = (what: string) => facts.geo.some((g) => g.what === what);
  const list: (keyof Texts["attribute"])[] = [];
  if (has("country")) list.push("country");
  if (has("city")) list.push("city");
  if (has("provider")) list.push("provider");
  list.push("browser", "language");
  if (ways.script) list.push("window");
  return list.map((a) => t.attribute[a]);
}

function retained(site: SiteFacts, t: Texts): string {
  if (site.retention_months > 0) return t.kept(t.months(site.retention_months));
  return site.retention_days > 0 ? t.kept(t.days(site.retention_days)) : t.unlimited;
}

const titleOf = (language: Language) => ({ en, de })[language].title;

/** The notice as plain text. */
export function asText(sections: Section[], language: Language): string {
  const parts = sections.map((s) => `${s.heading}\n\n${s.paragraphs.join("\n\n")}`);
  return `${titleOf(language)}\n\n${parts.join("\n\n")}\n`;
}

const escaped = (s: string) =>
  s.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c] ?? c);

/** The notice as HTML for the site's own page. */
export function asHTML(sections: Section[], language: Language): string {
  const paragraph = (p: string) =>
    `<p>${escaped(p).replace(/\bhttps:\/\/[a-z0-9.-]+/g, (link) => `<a href="${link}" rel="noreferrer">${link}</a>`)}</p>`;
  const parts = sections.map((s) => `<h3>${escaped(s.heading)}</h3>\n${s.paragraphs.map(paragraph).join("\n")}`);
  return `<section lang="${language}">\n<h2>${escaped(titleOf(language))}</h2>\n${parts.join("\n")}\n</section>\n`;
}
