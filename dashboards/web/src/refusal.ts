// Why the Stats API did not answer a question, in the reader's language where the reason is a known one.
import { dimensionName } from "./format";
import { text } from "./strings";

const dimension = /\b(?:event|visit):[a-z_]+(?::[^\s;,]+)?/g;

/** The reason in the reader's words; what is not known stays as the API says it. */
export function explained(message: string): string {
  const [first = "", second = ""] = [...new Set(message.match(dimension) ?? [])].map(dimensionName);
  if (/by the hour|whole days|by the day/.test(message)) return text.notByHour;
  if (/ is counted alone| stands alone/.test(message)) return text.countedAlone(first);
  if (/cannot be crossed|cannot be asked together|is not counted by|cannot be given by/.test(message)) {
    return second ? text.notTogether(first, second) : text.notWithFilter(first);
  }
  if (/currency/.test(message)) return text.oneCurrency;
  return message.replace(/^[a-z_]+(\[\d+\])*: /, "");
}
