import type { Texts } from "./notice";

const list = (items: string[]) => (items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} und ${items[items.length - 1]}`);

const texts: Texts = {
  title: "Statistik dieser Website mit Klar",
  headings: {
    what: "Wer zählt und wozu",
    how: "Was ausgewertet wird",
    shortened: "Was wann gekürzt wird",
    stored: "Was gespeichert wird",
    place: "Wo es gespeichert wird und woher die Länder kommen",
    attacks: "Sicherheit",
    retention: "Wie lange es aufbewahrt wird",
    object: "Wie Sie widersprechen",
    basis: "Rechtsgrundlage",
    rights: "Ihre Rechte",
  },
  controller: "Verantwortlich ist [Name, Anschrift und Kontakt des Verantwortlichen].",
  purpose: "Wir zählen mit der Software Klar, wie diese Website genutzt wird: welche Seiten gelesen werden, woher Besuche kommen und ob die Website funktioniert. Klar wird [von uns / für uns von NAME als Auftragsverarbeiter] betrieben.",
  log: "Unser Webserver vermerkt jede Anfrage in einem Protokoll: Zeit, Adresse (URL), Status und Größe der Antwort, die Seite, die hierher führte, die Kennung des Browsers und die IP-Adresse. Klar liest dieses Protokoll und wertet es so aus, wie es hier beschrieben ist.",
  script: "Ein Skript auf unseren Seiten meldet Seitenaufrufe und Ereignisse: die Adresse der Seite, die Seite, die hierher führte, die Breite des Fensters sowie wie weit und wie lange eine Seite gelesen wurde. Ihr Browser sendet dabei seine Kennung, seine Sprache und, wie bei jeder Verbindung, Ihre IP-Adresse mit.",
  pixel: "Ein unsichtbares Bild auf unseren Seiten meldet Seitenaufrufe, wo kein Skript läuft. Ihr Browser sendet dabei die Adresse der Seite, seine Kennung, seine Sprache und, wie bei jeder Verbindung, Ihre IP-Adresse mit.",
  server: "Einige Ereignisse meldet unser eigener Server, mit der IP-Adresse und der Kennung des Browsers der Anfrage.",
  noCookies: "Es werden keine Cookies gesetzt, und Klar speichert nichts auf Ihrem Gerät. Es wird keine Kennung von Ihnen gebildet, die gespeichert würde oder Sie an einem anderen Tag wiedererkennen ließe.",
  shortening: (removed4, removed6, before, after) =>
    `Ihre IP-Adresse wird im Arbeitsspeicher gekürzt, bevor irgendetwas anderes mit ihr geschieht: Die letzten ${removed4} der 32 Bit einer IPv4-Adresse (aus ${before} wird ${after}) und die letzten ${removed6} der 128 Bit einer IPv6-Adresse werden entfernt. In der Statistik speichert Klar weder die ganze noch die gekürzte Adresse.`,
  day: "Um die Besucher eines Tages zu unterscheiden, wird ein Hashwert aus gekürzter Adresse, Kennung des Browsers und, soweit bekannt, Sprache im Arbeitsspeicher gehalten. Sein Schlüssel ist zufällig, an jedem Tag ein anderer und wird nie gespeichert; an einem anderen Tag ist kein Wiedererkennen möglich.",
  sums: "Gespeichert werden nur Summen: wie viele Seitenaufrufe, Besuche und Besucher es gab, auf welcher Seite, zu welcher Zeit und aus welcher Quelle (etwa einer Suchmaschine).",
  buffer: "Bis sie zusammengezählt sind, meist für einige Sekunden, liegen Seitenaufrufe einzeln, ohne Adresse und Kennung, in einem Puffer auf der Festplatte.",
  attributes: (names) => `Gezählt werden außerdem ${list(names)}.`,
  attribute: {
    country: "das Land", city: "Region und Stadt", provider: "der Internetanbieter",
    browser: "Name und Version von Browser und Betriebssystem mit der Geräteklasse", language: "die Sprache des Browsers, soweit bekannt", window: "die Breite des Fensters in vier Klassen",
  },
  crowd: (people) =>
    `Mehrere dieser Eigenschaften werden gemeinsam nur in Kombinationen gespeichert, die innerhalb von 30 Tagen mindestens ${people} Menschen hatten; seltenere werden vergröbert, bis das so ist.`,
  paths: "Die Kennung des Browsers selbst wird nicht gespeichert. In den Adressen von Seiten wird ersetzt, was die Form einer E-Mail-Adresse, einer Nummer oder eines Schlüssels hat.",
  query: (names) => `Vom Teil einer Adresse hinter dem Fragezeichen werden nur die Namen von Kampagnen ausgewertet (${names.join(", ")}).`,
  noQuery: "Der Teil einer Adresse hinter dem Fragezeichen wird nicht gespeichert.",
  reading: "Wie weit und wie lange Seiten gelesen wurden, wird als Summe gespeichert.",
  events: "Ereignisse wie [Anmeldungen, Downloads] werden mit ihrem Namen gezählt und, wo wir sie hinzufügen, mit Merkmalen wie [dem gewählten Tarif].",
  revenue: "Der Umsatz von Bestellungen wird zusammengezählt, ohne etwas darüber, wer bestellt hat.",
  geo: "Der Aufenthaltsort wird mit der gekürzten Adresse in einer Datenbank auf unserem eigenen Rechner nachgeschlagen; niemand sonst wird gefragt.",
  credit: (names) => `${list(names)}.`,
  embedded: "Die Summen werden auf dem Rechner gespeichert, auf dem Klar läuft, [in einem Rechenzentrum von NAME in LAND].",
  elsewhere: "Die Summen werden in einer ClickHouse-Datenbank gespeichert, [die wir betreiben / die NAME in LAND als Auftragsverarbeiter betreibt].",
  signals: "Sehen Anfragen nach einem Angriff aus, so werden zum Schutz dieser Website ihre Anzahl, die Art des Angriffs, das gekürzte Netz mit Land und Anbieter sowie die Anzahl anderer Anfragen aus diesem Netz innerhalb derselben fünf Minuten gespeichert. Von Netzen, die nichts dergleichen senden, wird so nichts gespeichert. Alarme über Angriffe mit dem gekürzten Netz werden 90 Tage aufbewahrt.",
  kept: (time) => `Die Summen werden nach ${time} gelöscht. Von jedem Tag bleiben nur die Gesamtzahlen der ganzen Website, etwa die Zahl der Besucher, Seitenaufrufe und Anfragen.`,
  days: (n) => (n === 1 ? "einem Tag" : `${n} Tagen`),
  months: (n) => (n === 1 ? "einem Monat" : `${n} Monaten`),
  unlimited: "Die Summen werden [wie lange] aufbewahrt [und dann gelöscht].",
  ownLog: "Das Protokoll des Webservers selbst wird [wie lange] aufbewahrt.",
  respectedScript: (signals) => `Sendet Ihr Browser das Signal ${signals}, so wird von dem, was das Skript meldet, nichts behalten als die Anzahl solcher Ablehnungen.`,
  respectedLog: (signals) => `Sendet Ihr Browser das Signal ${signals}, so zählen Ihre Seitenaufrufe im Protokoll nur als Anfragen an den Server und nicht bei den Besuchern.`,
  or: "oder",
  optOut: "Sie können verhindern, dass das Skript in diesem Browser zählt: [hier den Schalter zum Abschalten einbauen].",
  contact: "Sie können der Verarbeitung jederzeit widersprechen: [Kontakt].",
  basis: {
    open: "Rechtsgrundlage ist [Rechtsgrundlage].",
    interests: "Rechtsgrundlage ist Art. 6 Abs. 1 Buchst. f DSGVO: unser berechtigtes Interesse, zu wissen, wie diese Website genutzt wird, und sie zu schützen.",
    task: "Rechtsgrundlage ist Art. 6 Abs. 1 Buchst. e DSGVO in Verbindung mit [Vorschrift]: eine Aufgabe im öffentlichen Interesse.",
    consent: "Rechtsgrundlage ist Ihre Einwilligung, Art. 6 Abs. 1 Buchst. a DSGVO. Sie können sie jederzeit widerrufen: [wie].",
  },
  rights: "Sie haben das Recht auf Auskunft, Berichtigung, Löschung, Einschränkung der Verarbeitung, Datenübertragbarkeit und Widerspruch und können sich bei einer Aufsichtsbehörde beschweren. Da die Summen keine Kennungen enthalten, können wir nicht feststellen, welche davon auf Sie zurückgehen (Art. 11 DSGVO).",
};

export default texts;
