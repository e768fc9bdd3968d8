// How Klar is set up, as far as it concerns visitors.
import { day } from "../../format";
import { local } from "../../language";
import type { Facts, SiteFacts } from "./facts";
import { kept } from "./story";

const t = local({
  en: {
    address: "Addresses are cut to", bits: (v4: number, v6: number) => `/${v4} (IPv4) and /${v6} (IPv6)`,
    crowd: "People who must share a combination", people: (n: number) => `at least ${n} within 30 days`,
    retention: "How long sums are kept",
    from: "What page views are known from", seen: { log: "log of the web server", beacon: "script", pixel: "pixel", api: "the site's server" } as Record<string, string>,
    nothing: "nothing in the last 30 days", unknown: "not known just now",
    respect: "Signals that are respected", none: "none",
    query: "Parameters of addresses that are kept",
    goals: "Goals, groups of pages or funnels", yes: "counted", no: "none",
    geo: "Databases of networks", what: { country: "countries", city: "cities", provider: "providers" }, of: (date: string) => `of ${date}`,
    store: "Where sums are stored", embedded: "in Klar's own directory, by the built-in ClickHouse", server: "in a ClickHouse server",
  },
  de: {
    address: "Adressen werden gekürzt auf", bits: (v4: number, v6: number) => `/${v4} (IPv4) und /${v6} (IPv6)`,
    crowd: "Menschen, die eine Kombination teilen müssen", people: (n: number) => `mindestens ${n} innerhalb von 30 Tagen`,
    retention: "Wie lange Summen bleiben",
    from: "Woher Seitenaufrufe bekannt sind", seen: { log: "Protokoll des Webservers", beacon: "Skript", pixel: "Zählpixel", api: "Server der Website" } as Record<string, string>,
    nothing: "nichts in den letzten 30 Tagen", unknown: "gerade nicht bekannt",
    respect: "Beachtete Signale", none: "keine",
    query: "Parameter von Adressen, die bleiben",
    goals: "Ziele, Seitengruppen oder Trichter", yes: "werden gezählt", no: "keine",
    geo: "Datenbanken der Netze", what: { country: "Länder", city: "Städte", provider: "Anbieter" }, of: (date: string) => `vom ${date}`,
    store: "Wo Summen gespeichert werden", embedded: "in Klars eigenem Verzeichnis, vom eingebauten ClickHouse", server: "in einem ClickHouse-Server",
  },
});

const signalNames = { gpc: "Sec-GPC", dnt: "DNT" };

/** The settings as pairs of a name and what holds. */
export function settings(facts: Facts): [string, string][] {
  const list = (names: string[]) => names.join(", ") || t.none;
  const geo = facts.geo.map((g) => `${t.what[g.what]}: ${g.name} ${t.of(day(g.date))}`);
  const all: [string, string][] = [
    [t.address, t.bits(facts.ipv4_prefix, facts.ipv6_prefix)],
    [t.crowd, t.people(facts.crowd)],
    [t.retention, kept(facts)],
    [t.respect, list(facts.respect.map((s) => signalNames[s]))],
    [t.query, list(facts.query)],
    [t.geo, list(geo)],
    [t.store, t[facts.store]],
  ];
  if (facts.site) all.splice(3, 0, [t.from, from(facts.site)], [t.goals, facts.site.goals ? t.yes : t.no]);
  return all;
}

function from({ origins }: SiteFacts): string {
  if (!origins) return t.unknown;
  return origins.map((o) => t.seen[o] ?? o).join(", ") || t.nothing;
}
