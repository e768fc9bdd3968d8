// What GET /api/privacy tells: what is collected and stored, by the configuration that runs.
import type { Language } from "../../language";

export type Bilingual = Record<Language, string>;

export interface Column {
  name: string;
  text: Bilingual;
}

export interface Table extends Column {
  columns: Column[];
}

export type Signal = "gpc" | "dnt";

export interface SiteFacts {
  id: string;
  /** Both 0: figures are kept until they are deleted by hand. */
  retention_days: number;
  retention_months: number;
  logs: boolean;
  beacons: boolean;
  /** The signals that every log of the site is known to have. */
  log_signals: Signal[];
  goals: boolean;
  revenue: boolean;
  /** What the requests of the last 30 days came from; null if that is not known now. */
  origins: string[] | null;
  /** The page stands under a name of the site. */
  here: boolean;
}

export interface Facts {
  ipv4_prefix: number;
  ipv6_prefix: number;
  crowd: number;
  respect: Signal[];
  query: string[];
  geo: { what: "country" | "city" | "provider"; name: string; date: string }[];
  store: "embedded" | "server";
  tables: Table[];
  site: SiteFacts | null;
}

/** What tells of the page views of a site. */
export interface Ways {
  log: boolean;
  script: boolean;
  pixel: boolean;
  server: boolean;
}

/** The ways that are known to be used. What is configured but told of nothing lately is one, but for beacons, which are always taken. */
export function waysOf(site: SiteFacts | null): Ways {
  const by = (origin: string) => site?.origins?.includes(origin) ?? false;
  return { log: by("log") || (site?.logs ?? false), script: by("beacon"), pixel: by("pixel"), server: by("api") };
}

/** An address of the documentation's network, and what is left of it. */
export function shortened4(bits: number): [string, string] {
  const address = [203, 0, 113, 77];
  const left = address.map((byte, i) => byte & ((0xff00 >> Math.min(8, Math.max(0, bits - 8 * i))) & 0xff));
  return [address.join("."), left.join(".")];
}

/** Who must be named for the databases, with a link. */
export function credits(facts: Facts): { name: string; link: string }[] {
  const known = [
    { begins: /^DBIP/i, name: "IP Geolocation by DB-IP", link: "https://db-ip.com" },
    { begins: /^(GeoLite|GeoIP)/i, name: "GeoLite/GeoIP data by MaxMind", link: "https://www.maxmind.com" },
  ];
  return known.filter((k) => facts.geo.some((g) => k.begins.test(g.name))).map(({ name, link }) => ({ name, link }));
}

/** Whether something is stored of shortened networks whose requests looked like attacks. */
export const keepsSignals = (facts: Pick<Facts, "tables">) => facts.tables.some((t) => t.name === "signals");
