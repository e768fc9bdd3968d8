// What there usually is at an hour: the median of the same hour of the week in the four weeks before.

const weekMs = 7 * 86_400_000;
const weeks = 4;
/** One week alone says nothing of what is usual. */
const fewest = 2;

/** How many days before a range its usual figures are made of. */
export const daysBefore = 7 * weeks;

/**
 * The usual figure of each hour, undefined where too little is known. Times are wall-clock times in milliseconds, so that
 * nine o'clock is compared with nine o'clock when the clocks were changed; since is when figures begin.
 */
export function usual(times: number[], figures: Map<number, number>, since: number): (number | undefined)[] {
  return times.map((t) => {
    const before = Array.from({ length: weeks }, (_, k) => t - (k + 1) * weekMs).filter((b) => b >= since).map((b) => figures.get(b) ?? 0).sort((a, b) => a - b);
    if (before.length < fewest) return undefined;
    const middle = before.length / 2;
    return ((before[Math.ceil(middle) - 1] ?? 0) + (before[Math.floor(middle)] ?? 0)) / 2;
  });
}
