// What kind of refusal an answer of the Stats API is. Its words are for people who write questions by hand; the page says it
// in its own, by the kind.
const dimension = /\b(?:event|visit):[a-z_]+(?::[^\s;,]+)?/g;

const kinds = {
  byDay: /by the hour|whole days|by the day|not counted by time:minute/,
  currency: /currency/,
  expression: /is not a regular expression/,
  apart: /are not counted apart/,
  unknown: /is not a segment of|is not defined for the site/,
  large: /regular expression is too large|^\S*(?:filters|time_labels)\S*: more than \d+/,
  alone: / is counted alone| stands alone/,
  together: /cannot be crossed|cannot be asked together|is not counted by|cannot be given by|is a figure of pages|is not known of visits|stands twice: who|are kept with events/,
};

export type Kind = keyof typeof kinds | "other";

/** A refusal with the dimensions and the value that it is about; the value is empty if it names none. */
export function kindOf(message: string): { kind: Kind; dimensions: string[]; value: string } {
  const kind = (Object.keys(kinds) as (keyof typeof kinds)[]).find((k) => kinds[k].test(message)) ?? "other";
  return { kind, dimensions: [...new Set(message.match(dimension) ?? [])], value: /"((?:[^"\\]|\\.)*)"/.exec(message)?.[1] ?? "" };
}
