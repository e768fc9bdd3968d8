// The language of the page: the reader's choice, else the first of the browser's that there are texts in, else English.
export type Language = "en" | "de";

/** What there are texts in, by their names in themselves. */
export const languages: Record<Language, string> = { en: "English", de: "Deutsch" };

const locales: Record<Language, string> = { en: "en-GB", de: "de-DE" };
const key = "klar.language";

function chosen(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // storage is switched off
  }
}

const known = (l: string | null): l is Language => l !== null && l in languages;

export const language: Language =
  [chosen(), ...navigator.languages.map((l) => l.slice(0, 2).toLowerCase())].find(known) ?? "en";

/** How numbers and dates are written. */
export const locale = locales[language];

document.documentElement.lang = language;

/** Chooses the texts of a page in the reader's language. All languages have the same ones. */
export function local<T>(texts: Record<Language, T>): T {
  return texts[language];
}

/** Shows everything in another language from now on. */
export function chooseLanguage(l: Language): void {
  try {
    localStorage.setItem(key, l);
  } catch {
    return; // without storage the browser's language holds
  }
  location.reload();
}
