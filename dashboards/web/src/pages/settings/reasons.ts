// Why a change is refused, in the reader's language. Klar says it in English.
import { language } from "../../language";
import { inGerman } from "./reasons-de";

/** A reason as Klar gives it, or its translation. */
export const reason = (said: string): string => (language === "de" ? (inGerman(said) ?? `Das geht so nicht: ${said}`) : said);
