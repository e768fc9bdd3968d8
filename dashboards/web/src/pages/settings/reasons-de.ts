// The reasons for which Klar refuses a change, in German: all that a form can be refused for, as a test holds.
const german: [RegExp, string][] = [
  [/^somebody has changed the settings.*/, "Jemand hat diese Einstellungen inzwischen geändert. Sehen Sie sie noch einmal an, bevor Sie speichern."],
  [/^there is nothing of that name.*/, "Das gibt es nicht mehr; vielleicht wurde es inzwischen gelöscht."],
  [/^stands in the configuration file.*/, "Das steht in der Konfigurationsdatei und wird dort geändert."],
  [/^this needs the role of .*/, "Dafür fehlt Ihnen das Recht."],
  [/the configuration file has one of that name, which holds$/, "Diesen Namen gibt es in der Konfigurationsdatei schon."],
  [/the configuration file names the site, too, and holds$/, "Die Website steht auch in der Konfigurationsdatei, und die gilt."],
  [/the configuration file does not name the site any more$/, "Die Konfigurationsdatei nennt die Website nicht mehr."],
  [/^the configuration file needs it: (\S+):.*/, "Die Konfigurationsdatei braucht es, bei $1."],
  [/^is missing$|^is empty: a segment.*/, "Das fehlt."],
  [/must have (?:at most|1 to) (\d+) characters in one line$/, "Höchstens $1 Zeichen in einer Zeile."],
  [/there are two of (".*")$|there are two segments (".*")$/, "Diesen Namen gibt es schon: $1$2"],
  [/counts the same as (".*")$/, "Das zählt dasselbe wie $1."],
  [/(".*") is not a goal of the site$/, "$1 ist kein Ziel der Website."],
  [/(".*") is not a page such as \/blog\/\*\*$/, "$1 ist keine Seite wie /blog/**."],
  [/(".*") has a query, a fragment or a space.*/, "$1 enthält ein Fragezeichen, # oder ein Leerzeichen; das haben Seiten nicht."],
  [/^needs either a page or an event$/, "Eine Seite oder ein Ereignis wird gebraucht."],
  [/(".*") cannot be the name of an event$/, "$1 kann nicht der Name eines Ereignisses sein."],
  [/(".*") cannot be the \S+ of a property$/, "$1 kann nicht in einer Eigenschaft stehen."],
  [/has a scroll that is not 1 to 100 percent$/, "1 bis 100 Prozent."],
  [/(".*") is not three capital letters.*/, "$1 sind nicht drei Buchstaben wie EUR."],
  [/^needs (\d+) to (\d+) pages$/, "$1 bis $2 Seiten werden gebraucht."],
  [/^needs (\d+) to (\d+) steps$/, "$1 bis $2 Schritte werden gebraucht."],
  [/^are more than (\d+)$/, "Mehr als $1 gehen nicht."],
  [/(".*") is not a time zone.*/, "$1 ist keine Zeitzone wie Europe/Berlin."],
  [/(".*") is not from a day to (\d+) years$/, "Ein Tag bis $2 Jahre."],
  [/(".*") belongs to the site (".*") already$/, "$1 gehört schon zur Website $2."],
  [/(".*") cannot be one: a host is.*/, "$1 ist kein Host wie www.example.org."],
  [/(".*") cannot be one: a site's id.*/, "$1 ist kein Name einer Website: Buchstaben, Ziffern und .-_:/"],
  [/^needs at least one value$/, "Mindestens ein Wert wird gebraucht."],
  [/(".*") is not a day such as.*/, "$1 ist kein Tag."],
  [/^there are (\d+) (?:sites )?already$|^the site has (\d+) annotations already$/, "Mehr als $1$2 gehen nicht."],
  [/has more than (\d+) props$/, "Mehr als $1 Eigenschaften gehen nicht."],
  [/^a page is longer than (\d+) bytes$/, "Eine Seite ist länger als $1 Zeichen."],
  [/^holds what is never stored.*/, "Das enthält, was nie gespeichert wird: eine Adresse, ein Fragezeichen oder ein Steuerzeichen."],
  [/^has props, which only events have$/, "Nur Ereignisse haben Eigenschaften."],
  [/^has a scroll, which only pages have$/, "Nur Seiten werden gelesen."],
  [/^stands beside a page: only events bring revenue$/, "Nur Ereignisse bringen Umsatz."],
  [/(".*") is not a period such as.*/, "$1 ist keine Dauer wie 25 Monate, 90 Tage oder 2 Jahre."],
  [/(".*") is not a regular expression.*/, "$1 ist kein regulärer Ausdruck."],
  [/^is empty, which everything contains$/, "Das fehlt."],
  [/(".*") is not defined for the site as.*/, "$1 gibt es auf dieser Website nicht."],
  [/^more than (\d+) (?:filters|values|regular expressions)$/, "Mehr als $1 gehen nicht."],
  [/^\S+ knows is, contains and matches only$|^\S+ can only be filtered on at the top level$/, "Das lässt sich danach nicht fragen."],
  [/(".*") is neither a mail address nor the name of a webhook$/, "$1 ist weder eine E-Mail-Adresse noch der Name eines Webhooks."],
  [/^is no mail address such as.*/, "Das ist keine E-Mail-Adresse."],
  [/^is a mail address, and there is no mail\.smtp$/, "Für E-Mails fehlt in der Konfigurationsdatei der Mailserver (mail.smtp)."],
  [/^says when notices are sent, but not to whom.*/, "Wer Nachrichten bekommen soll, fehlt."],
  [/^names a receiver that stands in none of the lists$/, "Eine Sprache ist für jemanden gewählt, der in keiner Liste steht."],
  [/is neither en nor de$/, "Das ist keine der Sprachen."],
  [/^(-?\d+) is not an hour from 0 to 23$/, "0 bis 23 Uhr."],
  [/^-?\d+ is not a number of visitors from 1.*/, "Eine Zahl ab 1, oder 0 für nie."],
  [/^is of the wrong kind.*|^must be a string$|^are no filters as in the Stats API$/, "Das kann hier nicht stehen."],
];

const concerning: [RegExp, string][] = [
  [/^goals of the site "(?:[^"\\]|\\.)*": /, "Ziel "],
  [/^groups of the site "(?:[^"\\]|\\.)*": /, "Inhaltsgruppe "],
  [/^funnels of the site "(?:[^"\\]|\\.)*": /, "Trichter "],
  [/^reports of the site "(?:[^"\\]|\\.)*": /, "Berichte "],
  [/^segments of the site "(?:[^"\\]|\\.)*": /, "Segment "],
];

/** A reason in German, undefined for one that is not known. */
export function inGerman(said: string): string | undefined {
  // What else would not hold any more stands before its reason: funnels of the site "a": "Order": …
  for (const [before, name] of concerning) {
    const rest = said.replace(before, "");
    const at = rest.indexOf('": ');
    const why = rest !== said && at > 0 ? inGerman(rest.slice(at + 3)) : undefined;
    if (why) return `${name}${rest.slice(0, at + 1)}: ${why}`;
  }
  for (const [english, words] of german) {
    if (english.test(said)) return said.replace(english, words);
  }
  return undefined;
}
