// Why Klar did not do what it was asked, in the reader's language.
import { ApiError } from "./api";
import { dimensionName } from "./format";
import { kindOf } from "./refused";
import { statuses, text } from "./strings";

/** What an error says to the reader. */
export function told(e: unknown): string {
  if (!(e instanceof ApiError)) return text.failed;
  return statuses[e.status] ?? (e.status === 400 ? explained(e.message) : e.message);
}

/** Why the Stats API does not answer a question. */
function explained(message: string): string {
  const { kind, dimensions, value } = kindOf(message);
  const [first = "", second = ""] = dimensions.map(dimensionName);
  switch (kind) {
    case "byDay": return text.notByHour;
    case "alone": return text.countedAlone(first);
    case "together": return second ? text.notTogether(first, second) : text.notWithFilter(first);
    case "apart": return text.notApart(first);
    case "currency": return text.oneCurrency;
    case "expression": return text.noExpression(value);
    case "large": return text.tooMuchAsked;
    case "unknown": return text.notDefined(value);
    case "other": return text.notAnswered(message.replace(/^[a-z_]+(\[\d+\])*: /, ""));
  }
}
