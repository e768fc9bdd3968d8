// What there usually is at an hour, as alert/baseline has it of minutes: the median of the same hour of the week in the four
// weeks before, and between what it lies when all is well.
import type { Band } from "../../stacked";

const weekMs = 7 * 86_400_000;
const hourMs = 3_600_000;
const weeks = 4;
/** One week alone says nothing of what is usual. */
const fewest = 2;
/** Of a normal distribution: its deviation in its median absolute deviation, and beyond how many of them a hundredth is. */
const deviation = 1.4826;
const hundredth = 2.576;
/** How many deviations are unusual, and how much more than the usual at least. */
const far = 5;
const least = 10;

/** How many days before a range its usual figures are made of. */
export const daysBefore = 7 * weeks;

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}

/** The figures of the same hour in the weeks before; since is when figures begin. */
const alike = (t: number, figures: Map<number, number>, since: number): number[] =>
  Array.from({ length: weeks }, (_, k) => t - (k + 1) * weekMs).filter((b) => b >= since).map((b) => figures.get(b) ?? 0);

/** How much more the hours of the weeks before varied than counts do that are independent of each other, at least 1. */
function unrest(first: number, figures: Map<number, number>, since: number): number {
  const apart: number[] = [];
  for (let t = first - weekMs; t < first; t += hourMs) {
    const before = alike(t + weekMs, figures, since);
    if (before.length < fewest) continue;
    const usual = median(before);
    for (const v of before) apart.push(Math.abs(v - usual) / Math.sqrt(Math.max(usual, 1)));
  }
  apart.sort((a, b) => a - b);
  return Math.max(1, (apart[Math.floor(apart.length * 0.99)] ?? 0) / hundredth);
}

/**
 * What is usual of each hour, undefined where too little is known. Times are wall-clock times in milliseconds, so that
 * nine o'clock is compared with nine o'clock when the clocks were changed; since is when figures begin.
 */
export function usual(times: number[], figures: Map<number, number>, since: number): (Band | undefined)[] {
  const restless = unrest(times[0] ?? 0, figures, since);
  return times.map((t) => {
    const before = alike(t, figures, since);
    if (before.length < fewest) return undefined;
    const middle = median(before);
    const spread = Math.max(deviation * median(before.map((v) => Math.abs(v - middle))), Math.sqrt(Math.max(middle, 1)) * restless);
    return { low: Math.max(0, middle - far * spread), usual: middle, high: middle + Math.max(least, far * spread) };
  });
}
