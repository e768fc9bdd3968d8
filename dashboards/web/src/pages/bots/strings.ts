import { local } from "../../language";

export const text = local({
  en: {
    title: "Bots",
    figures: "What bots ask for",
    requests: "Requests by bots", ofAll: (share: string) => `${share} of all`,
    bytes: "Sent to bots", errors: "Answered with errors", ai: "For artificial intelligence",
    overTime: "Requests by bots",
    none: "No bot was seen in this period",
    classes: "What they are for", names: "Who they are", pages: "What they read", statuses: "What they were answered",
    only: (name: string) => `Only ${name}`, all: "All bots",
    aiTitle: "Reading for artificial intelligence",
    aiLead: "Crawlers gather what models learn from, search engines of assistants keep an index, and assistants fetch a page because somebody asked. The name is what the bot says of itself.",
    aiNone: "Nobody read here for artificial intelligence in this period, or nobody said so.",
    who: "Who", purpose: "What for", perDay: "Per day", show: (bot: string) => `Pages that ${bot} read`,
    robotsTitle: "Advice for robots.txt",
    robotsLead: "robots.txt is a request, not a lock: well-behaved bots follow it, others do not. Choose what you do not want, and put the lines into the file /robots.txt of your site, beside what stands there.",
    robotsChoice: "Turn away",
    robots: { crawler: "Crawlers that gather for training", search: "Search of assistants", assistant: "Assistants that fetch for a person", seo: "SEO tools" },
    robotsSeen: "Seen on this site in this period",
    robotsEmpty: "# Nothing is turned away.",
    robotsComment: (kind: string) => `# ${kind}`,
    copy: "Copy robots.txt",
    fetched: (n: string) => `Bots asked for /robots.txt ${n} times in this period.`,
  },
  de: {
    title: "Bots",
    figures: "Was Bots anfragen",
    requests: "Anfragen von Bots", ofAll: (share: string) => `${share} von allen`,
    bytes: "An Bots gesendet", errors: "Mit Fehlern beantwortet", ai: "Für künstliche Intelligenz",
    overTime: "Anfragen von Bots",
    none: "In diesem Zeitraum war kein Bot zu sehen",
    classes: "Wozu sie dienen", names: "Wer sie sind", pages: "Was sie lesen", statuses: "Was sie zur Antwort bekamen",
    only: (name: string) => `Nur ${name}`, all: "Alle Bots",
    aiTitle: "Lesen für künstliche Intelligenz",
    aiLead: "Crawler sammeln, woraus Modelle lernen, Suchdienste von Assistenten führen ein Verzeichnis, und Assistenten holen eine Seite, weil jemand gefragt hat. Der Name ist, was der Bot von sich sagt.",
    aiNone: "In diesem Zeitraum las hier niemand für künstliche Intelligenz, oder niemand sagte es.",
    who: "Wer", purpose: "Wozu", perDay: "Pro Tag", show: (bot: string) => `Seiten, die ${bot} las`,
    robotsTitle: "Rat für robots.txt",
    robotsLead: "robots.txt ist eine Bitte, kein Schloss: Anständige Bots folgen ihr, andere nicht. Wählen Sie, was Sie nicht wünschen, und setzen Sie die Zeilen in die Datei /robots.txt Ihrer Website, neben das, was dort steht.",
    robotsChoice: "Abweisen",
    robots: { crawler: "Crawler, die zum Trainieren sammeln", search: "Suche von Assistenten", assistant: "Assistenten, die für einen Menschen holen", seo: "SEO-Werkzeuge" },
    robotsSeen: "Auf dieser Website in diesem Zeitraum gesehen",
    robotsEmpty: "# Niemand wird abgewiesen.",
    robotsComment: (kind: string) => `# ${kind}`,
    copy: "robots.txt kopieren",
    fetched: (n: string) => `Bots fragten in diesem Zeitraum ${n}-mal nach /robots.txt.`,
  },
});

/** The classes of bots, as the Stats API names them. */
const classNames: Record<string, string> = local({
  en: {} as Record<string, string>,
  de: {
    "Search engine": "Suchmaschinen", "AI crawler": "KI-Crawler", "AI search": "KI-Suche", "AI assistant": "KI-Assistenten", SEO: "SEO",
    Monitoring: "Überwachung", "Feed reader": "Feedleser", "Social preview": "Vorschau in Netzwerken", Scanner: "Scanner", Tool: "Werkzeuge",
    Archive: "Archive", Advertising: "Werbung", Research: "Forschung", Other: "Andere", "": "Unbekannt",
  },
});

export const className = (value: string) => classNames[value] ?? (value || "Unknown");

export const botName = (value: string) =>
  local({
    en: value,
    de: { "Other bot": "Anderer Bot", "No agent": "Ohne Kennung" }[value] ?? value,
  });
