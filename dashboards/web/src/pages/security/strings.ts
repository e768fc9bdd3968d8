import { valueName } from "../../format";
import { local } from "../../language";

export const text = local({
  en: {
    title: "Security",
    figures: "In short",
    threats: "Requests that look like attacks", ofAll: (share: string) => `${share} of all`,
    firing: "Alerts now", errors: "Answered with errors", server: "Errors of the server",
    quiet: "Nothing is firing.",
    alertsNow: (n: number) => (n === 1 ? "One alert is firing." : `${n} alerts are firing.`),
    overTime: "Attacks", noThreats: "No request looked like an attack in this period",
    targets: "What was attacked", classes: "Kinds of attack", answers: "How attacks were answered", attackMethods: "Methods of attacks",
    answersAll: "Answers with errors",
    countries: "Countries they came from", providers: "Providers they came from",
    offenders: "Networks that attacked",
    offendersLead: "An address is known by its shortened network only, which others share. Harmless is what else came from it within the same five minutes: what a block would hit besides, and more may have come that was not seen.",
    network: "Network", networks: "Networks", kinds: "Kinds", attacks: "Attacks", certain: "Beyond doubt", harmless: "Harmless", from: "From",
    copyDeny: "Copy as nginx deny list",
    unknown: "Unknown", fewer: "Show fewer", allNetworks: (n: string) => `Show all ${n}`, ofNetworks: (n: string, all: string) => `${n} of ${all} networks`,
    denyHead: (site: string) => `# Networks that attacked ${site}; behind each, its harmless requests at the same time.`,
    denyLine: (attacks: string, harmless: string) => `${attacks} attacks, ${harmless} harmless`,
    alerts: "Alerts", noAlerts: "No alert in this time.", alertsOff: "This Klar raises no alerts.",
    since: (when: string) => `since ${when}`, between: (from: string, to: string) => `${from} to ${to}`,
    state: { firing: "Firing", silenced: "Silenced", over: "Over" },
    severity: { info: "Note", warning: "Warning", critical: "Critical" },
    times: (n: string) => `${n} times`, others: (n: string) => `and ${n} further networks`, wholeSite: "the whole site",
    unusual: (series: string, value: string, low: string, high: string) => `${series}: ${value} in a minute, usually ${low} to ${high}`,
    rest: "What else happens",
    asUsual: "As usual?", perHour: (series: string) => `${series} per hour`, usual: "usual at this hour of the week, by the four weeks before; the band is what is still ordinary",
    statusClasses: "Errors", marks: "Triangles mark where figures were not as usual.",
    noErrors: "No request was answered with an error in this period",
    status: { "4": "4xx: asked wrongly", "5": "5xx: the server failed" } as Record<string, string>,
    missing: "Missing pages", methods: "Methods", failing: "Pages on which the server failed",
    none: "Nothing was counted here in this period",
  },
  de: {
    title: "Sicherheit",
    figures: "Auf einen Blick",
    threats: "Anfragen, die nach Angriff aussehen", ofAll: (share: string) => `${share} von allen`,
    firing: "Alarme jetzt", errors: "Mit Fehlern beantwortet", server: "Fehler des Servers",
    quiet: "Kein Alarm.",
    alertsNow: (n: number) => (n === 1 ? "Ein Alarm besteht." : `${n} Alarme bestehen.`),
    overTime: "Angriffe", noThreats: "In diesem Zeitraum sah keine Anfrage nach einem Angriff aus",
    targets: "Was angegriffen wurde", classes: "Arten von Angriffen", answers: "Wie Angriffe beantwortet wurden", attackMethods: "Methoden der Angriffe",
    answersAll: "Antworten mit Fehlern",
    countries: "Länder, aus denen sie kamen", providers: "Anbieter, von denen sie kamen",
    offenders: "Netze, die angriffen",
    offendersLead: "Eine Adresse ist nur durch ihr gekürztes Netz bekannt, das andere mitbenutzen. Harmlos ist, was sonst innerhalb derselben fünf Minuten daraus kam: was eine Sperre mitträfe; es kann mehr gewesen sein, als zu sehen war.",
    network: "Netz", networks: "Netze", kinds: "Arten", attacks: "Angriffe", certain: "Zweifelsfrei", harmless: "Harmlos", from: "Woher",
    copyDeny: "Als Sperrliste für nginx kopieren",
    unknown: "Unbekannt", fewer: "Weniger zeigen", allNetworks: (n: string) => `Alle ${n} zeigen`, ofNetworks: (n: string, all: string) => `${n} von ${all} Netzen`,
    denyHead: (site: string) => `# Netze, die ${site} angriffen; dahinter ihre harmlosen Anfragen zur selben Zeit.`,
    denyLine: (attacks: string, harmless: string) => `${attacks} Angriffe, ${harmless} harmlos`,
    alerts: "Alarme", noAlerts: "In dieser Zeit kein Alarm.", alertsOff: "Dieses Klar schlägt keinen Alarm.",
    since: (when: string) => `seit ${when}`, between: (from: string, to: string) => `${from} bis ${to}`,
    state: { firing: "Besteht", silenced: "Stumm", over: "Vorbei" },
    severity: { info: "Hinweis", warning: "Warnung", critical: "Kritisch" },
    times: (n: string) => `${n}-mal`, others: (n: string) => `und ${n} weitere Netze`, wholeSite: "die ganze Website",
    unusual: (series: string, value: string, low: string, high: string) => `${series}: ${value} in der Minute, sonst ${low} bis ${high}`,
    rest: "Was sonst geschieht",
    asUsual: "Wie sonst?", perHour: (series: string) => `${series} je Stunde`, usual: "sonst zu dieser Stunde der Woche, nach den vier Wochen davor; das Band ist, was noch gewöhnlich ist",
    statusClasses: "Fehler", marks: "Dreiecke zeigen, wo Zahlen nicht wie sonst waren.",
    noErrors: "In diesem Zeitraum wurde keine Anfrage mit einem Fehler beantwortet",
    status: { "4": "4xx: falsch gefragt", "5": "5xx: der Server versagte" } as Record<string, string>,
    missing: "Fehlende Seiten", methods: "Methoden", failing: "Seiten, auf denen der Server versagte",
    none: "In diesem Zeitraum wurde hier nichts gezählt",
  },
});

/** The classes of attacks, as the Stats API names them. */
const threats: Record<string, string> = local({
  en: {
    sqli: "SQL injection", xss: "Cross-site scripting", "path-traversal": "Path traversal", cmdi: "Command injection", template: "Template injection",
    jndi: "Log4Shell", code: "Code injection", "web-shell": "Web shell", "sensitive-file": "Sensitive files", "admin-panel": "Admin panels",
    exploit: "Known exploits", scanner: "Scanners", "open-proxy": "Open proxy", malformed: "Malformed requests", "cache-busting": "Cache busting",
  },
  de: {
    sqli: "SQL-Injection", xss: "Cross-Site-Scripting", "path-traversal": "Pfadausbruch", cmdi: "Befehlsinjektion", template: "Template-Injection",
    jndi: "Log4Shell", code: "Codeinjektion", "web-shell": "Web-Shell", "sensitive-file": "Vertrauliche Dateien", "admin-panel": "Verwaltungsseiten",
    exploit: "Bekannte Schwachstellen", scanner: "Scanner", "open-proxy": "Offener Proxy", malformed: "Missgebildete Anfragen", "cache-busting": "Umgehung des Caches",
  },
});

/** What is watched, by its name in alerts: in a sentence, and as a heading. */
const series: Record<string, [string, string]> = local({
  en: {
    requests: ["requests", "Requests"], bytes: ["bytes sent", "Bytes"], threats: ["attacks", "Attacks"], "status:4xx": ["requests asked wrongly", "4xx"],
    "status:5xx": ["errors of the server", "5xx"], "failed logins": ["failed logins", "Failed logins"], "new paths": ["requests for paths that are new", "New paths"],
  },
  de: {
    requests: ["Anfragen", "Anfragen"], bytes: ["gesendete Bytes", "Bytes"], threats: ["Angriffe", "Angriffe"], "status:4xx": ["falsch gestellte Anfragen", "4xx"],
    "status:5xx": ["Fehler des Servers", "5xx"], "failed logins": ["misslungene Anmeldungen", "Misslungene Anmeldungen"],
    "new paths": ["Anfragen nach neuen Pfaden", "Neue Pfade"],
  },
});

/** Series of one country, provider or bot. */
const shares: Record<string, (of: string) => string> = local({
  en: { country: (of: string) => `requests from ${valueName("visit:country", of)}`, provider: (of: string) => `requests from ${of}`, bot: (of: string) => `requests by ${of}` },
  de: { country: (of: string) => `Anfragen aus ${valueName("visit:country", of)}`, provider: (of: string) => `Anfragen von ${of}`, bot: (of: string) => `Anfragen von ${of}` },
});

export function seriesName(value: string): string {
  const [, dimension, of] = /^(country|provider|bot):(.+)$/.exec(value) ?? [];
  return (dimension && of && shares[dimension]?.(of)) ?? series[value]?.[0] ?? value;
}

export const seriesTitle = (value: string) => series[value]?.[1] ?? value;

export const threatName = (value: string) => threats[value] ?? value;
