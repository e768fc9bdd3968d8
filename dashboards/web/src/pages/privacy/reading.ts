// What is read of a request and what becomes of it, as the configuration has it.
import { local } from "../../language";
import { keepsSignals, shortened4, type Facts } from "./facts";

export interface Row {
  item: string;
  becomes: string;
}

const t = local({
  en: {
    address: "IP address",
    cut: (v4: number, v6: number, before: string, after: string) =>
      `Cut to ${v4} of 32 bits (IPv4: ${before} becomes ${after}), or ${v6} of 128 bits (IPv6), before anything else.`,
    geo: (list: string) => ` Kept: ${list}, looked up with what is left.`,
    noGeo: " Nothing is kept of it, as there is no database of countries.",
    places: { country: "the country", city: "region and city", provider: "the internet provider" },
    signals: " Of requests that look like attacks, the shortened network is kept, too.",
    agent: "Identification of the browser", agentKept: "Name and major version of browser and system, class of the device, or a bot's name, all from closed lists.",
    language: "Preferred language", languageKept: "The first one, from a closed list, such as de-AT.",
    window: "Width of the window", windowKept: "One of four classes, where a script reports it.",
    path: "Address of the page", pathKept: "Its path; e-mail addresses, numbers of phones, accounts and cards, keys and ids in it are replaced.",
    query: "What stands behind the question mark", queryKept: (names: string) => `Names of campaigns only: ${names}.`, queryNone: "Nothing.",
    referrer: "Page that led here", referrerKept: "Its host and cleaned path, or a name such as Google.",
    signal: "Signals against tracking", signalKept: (names: string) => `${names}: respected.`, signalNone: "Not looked at.",
    events: "Events and their properties", eventsKept: "Name, and properties that the site adds, by the day and tied to nothing about the visitor.",
    revenue: "Revenue", revenueKept: "A sum for each goal that has a currency.",
    reading: "How far and how long a page was read", readingKept: "Sums, where a script reports it.",
  },
  de: {
    address: "IP-Adresse",
    cut: (v4: number, v6: number, before: string, after: string) =>
      `Gekürzt auf ${v4} von 32 Bit (IPv4: aus ${before} wird ${after}) oder ${v6} von 128 Bit (IPv6), vor allem anderen.`,
    geo: (list: string) => ` Es bleiben: ${list}, nachgeschlagen mit dem, was übrig ist.`,
    noGeo: " Davon bleibt nichts, da es keine Datenbank der Länder gibt.",
    places: { country: "das Land", city: "Region und Stadt", provider: "der Internetanbieter" },
    signals: " Von Anfragen, die nach Angriffen aussehen, bleibt auch das gekürzte Netz.",
    agent: "Kennung des Browsers", agentKept: "Name und Hauptversion von Browser und System, Geräteklasse oder Name eines Bots, alles aus geschlossenen Listen.",
    language: "Bevorzugte Sprache", languageKept: "Die erste, aus einer geschlossenen Liste, etwa de-AT.",
    window: "Breite des Fensters", windowKept: "Eine von vier Klassen, wo ein Skript sie meldet.",
    path: "Adresse der Seite", pathKept: "Ihr Pfad; E-Mail-Adressen, Telefon-, Konto- und Kartennummern, Schlüssel und Kennungen darin werden ersetzt.",
    query: "Was hinter dem Fragezeichen steht", queryKept: (names: string) => `Nur Namen von Kampagnen: ${names}.`, queryNone: "Nichts.",
    referrer: "Seite, die hierher führte", referrerKept: "Ihr Host und bereinigter Pfad oder ein Name wie Google.",
    signal: "Signale gegen Verfolgung", signalKept: (names: string) => `${names}: werden beachtet.`, signalNone: "Werden nicht beachtet.",
    events: "Ereignisse und ihre Merkmale", eventsKept: "Name und Merkmale, die die Website mitgibt, nach Tagen und mit nichts vom Besucher verbunden.",
    revenue: "Umsatz", revenueKept: "Eine Summe für jedes Ziel, das eine Währung hat.",
    reading: "Wie weit und wie lange eine Seite gelesen wurde", readingKept: "Summen, wo ein Skript es meldet.",
  },
});

const signalNames = { gpc: "Sec-GPC", dnt: "DNT" };

/** The rows of the table, in the order in which a request has them. */
export function reading(facts: Facts): Row[] {
  const places = (["country", "city", "provider"] as const).filter((w) => facts.geo.some((g) => g.what === w)).map((w) => t.places[w]);
  const address =
    t.cut(facts.ipv4_prefix, facts.ipv6_prefix, ...shortened4(facts.ipv4_prefix)) +
    (places.length > 0 ? t.geo(places.join(", ")) : t.noGeo) +
    (keepsSignals(facts) ? t.signals : "");
  const rows: [string, string][] = [
    [t.address, address],
    [t.agent, t.agentKept],
    [t.language, t.languageKept],
    [t.window, t.windowKept],
    [t.path, t.pathKept],
    [t.query, facts.query.length > 0 ? t.queryKept(facts.query.join(", ")) : t.queryNone],
    [t.referrer, t.referrerKept],
    [t.signal, facts.respect.length > 0 ? t.signalKept(facts.respect.map((s) => signalNames[s]).join(", ")) : t.signalNone],
    [t.events, t.eventsKept],
    [t.reading, t.readingKept],
  ];
  if (facts.site?.revenue) rows.push([t.revenue, t.revenueKept]);
  return rows.map(([item, becomes]) => ({ item, becomes }));
}
