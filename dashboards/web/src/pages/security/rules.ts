// What the rules that come with Klar say. Those of users say it in their own words.
import { language } from "../../language";
import type { Alert } from "./alerts";

const german: Record<string, string> = {
  "klar/http-scan": "ein Netz fragt nach vielen Pfaden, die es nicht gibt oder die verboten sind",
  "klar/http-crawl": "ein Netz liest Seite um Seite, schneller als Menschen es tun",
  "klar/login-bruteforce": "ein Netz wird wieder und wieder abgewiesen, wo nach einem Passwort gefragt wird",
  "klar/wordpress-bruteforce": "ein Netz probiert Passwörter von WordPress, das auf ein falsches mit 200 antwortet",
  "klar/credential-stuffing": "viele Netze werden je einige Male abgewiesen, wo nach einem Passwort gefragt wird",
  "klar/form-abuse": "ein Netz sendet dasselbe Formular wieder und wieder",
  "klar/agents-switched": "ein Netz gibt sich immer neue Namen von Browsern",
  "klar/http-flood": "ein Netz fragt nach mehr als dreißig Seiten in der Sekunde",
  "klar/request-rate": "ein Netz sendet mehr als hundert Anfragen in der Sekunde, gleich welcher Art",
  "klar/cache-busting": "ein Netz fragt mit immer neuen Abfragen nach derselben Datei, an allen Caches vorbei",
  "klar/id-enumeration": "ein Netz zählt die Nummern von etwas durch",
  "klar/sql-injection": "eine Anfrage versucht, SQL einzuschleusen",
  "klar/xss": "eine Anfrage versucht, ein Skript in eine Seite einzuschleusen",
  "klar/path-traversal": "eine Anfrage versucht, das Verzeichnis der Website zu verlassen",
  "klar/command-injection": "eine Anfrage versucht, einen Befehl des Systems auszuführen",
  "klar/code-injection": "eine Anfrage versucht, Code einer Template-Engine, von PHP, Java oder JavaScript auszuführen",
  "klar/jndi": "eine Anfrage versucht ein Nachschlagen über JNDI, wie bei Log4Shell",
  "klar/suspicious": "ein Netz sendet wieder und wieder, was nach Angriff aussieht und keiner sein könnte",
  "klar/sensitive-files": "ein Netz sucht Dateien, die nicht für Besucher sind",
  "klar/admin-panels": "ein Netz sucht Verwaltungsseiten, die es nicht gibt",
  "klar/web-shell": "ein Netz sucht Web-Shells, die jemand hinterlassen haben könnte",
  "klar/exploits": "ein Netz probiert Pfade bekannter Schwachstellen",
  "klar/exploit-answered": "der Pfad einer bekannten Schwachstelle oder einer Web-Shell wurde mit Erfolg beantwortet; Websites, die alles so beantworten, sollten diese Regel abschalten",
  "klar/scanner": "ein Scanner, der sich selbst nennt, oder was nur Scanner fragen",
  "klar/open-proxy": "jemand versucht, ob der Server ein offener Proxy ist",
  "klar/volume-high": "in einer Minute mehr als sonst zu dieser Stunde",
  "klar/volume-low": "in einer Minute weniger als sonst zu dieser Stunde",
  "klar/silence": "es kommt nichts mehr: Steht der Webserver, sein Protokoll oder eine Quelle von Klar?",
  "klar/test": "jemand hat versucht, ob Alarme ankommen; geschehen ist nichts",
  "klar/malformed": "ein Netz sendet, was keine Anfrage nach HTTP ist",
};

/** What an alert is about, in a sentence. */
export const ruleName = (a: Alert): string => (language === "de" ? (german[a.rule] ?? a.description) : a.description);
