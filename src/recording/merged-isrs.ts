import { LIMITS } from '../scenario/limits.js';
import type { Durations, LoadModule, LoadSource } from './load-module.js';

/** ISRs are made longer by more than this share of them, or left as they are. */
const LEAST_SHARE = 0.001;
/** No ISR becomes longer by more; a processor that needs it is beyond its capacity. */
const MOST_FACTOR = 4;
/** Each halves what is left of the way to the fixed point, at least. */
const ROUNDS = 24;

/** A source's ISRs on the processor in question. */
interface Line {
  source: LoadSource;
  durations: Durations;
  ratePerNs: number;
  /** By how much its ISRs are to be longer. */
  factor: number;
}

/**
 * The modules with ISRs that are longer by what merged: a report counts the ISRs that ran, while
 * in a simulation an interrupt that comes while the one before it still waits runs none. So that
 * the time of ISRs is the reported one, each that runs takes the time of those that it stands for.
 *
 * Of a line with the rate r the ISR of a length S, its own or another line's, loses all arrivals
 * but one: r S − (1 − exp(−r S)) of them. Exact for one line; with others, an approximation for as
 * long as the processor's ISRs leave it time.
 */
export function withMergedIsrs(modules: readonly LoadModule[], processors: number): LoadModule[] {
  const longer = new Map<LoadSource, Durations>();
  const sources = modules.flatMap((module) => module.sources);
  for (let processor = 0; processor < processors; processor++) {
    const lines = sources.flatMap((source): Line[] => {
      if (source.processor !== processor || source.isr === null) return [];
      return [{ source, durations: source.isr, ratePerNs: source.ratePerSecond / 1e9, factor: 1 }];
    });
    if (!mayMerge(lines)) continue;
    for (let round = 0; round < ROUNDS; round++) settle(lines);
    for (const { source, durations, factor } of lines) {
      if (factor - 1 > LEAST_SHARE) longer.set(source, lengthened(durations, factor));
    }
  }
  return modules.map((module) => ({
    ...module,
    sources: module.sources.map((source) => ({ ...source, isr: longer.get(source) ?? source.isr })),
  }));
}

/** Whether so many merge that it shows, by a bound that is quick to tell. */
function mayMerge(lines: readonly Line[]): boolean {
  const residualNs = lines.reduce((sum, { ratePerNs, durations, source }) => {
    const longest = source.isRare ? durations.meanNs : durations.edgesNs.at(-1)!;
    return sum + (ratePerNs * durations.meanNs * longest) / 2;
  }, 0);
  const mostPerNs = Math.max(0, ...lines.map(({ ratePerNs }) => ratePerNs));
  return mostPerNs * residualNs > LEAST_SHARE;
}

/** One step towards factors with which ISRs take their time although some merge. */
function settle(lines: readonly Line[]): void {
  const shareOf = ({ ratePerNs, durations }: Line): number => ratePerNs * durations.meanNs;
  const share = lines.reduce((sum, line) => sum + shareOf(line), 0);
  for (const line of lines) {
    const leftForIt = Math.max(1 / MOST_FACTOR, 1 - share + shareOf(line));
    const lostPerNs = lines.reduce((sum, other) => {
      const lost = lostIn(other, line.ratePerNs * other.factor);
      return sum + ((other.ratePerNs / other.factor) * lost) / leftForIt;
    }, 0);
    const ran = Math.max(1 / MOST_FACTOR, 1 - lostPerNs / line.ratePerNs);
    line.factor = (line.factor + 1 / ran) / 2;
  }
}

/** The mean of r S − 1 + exp(−r S) over the ISRs of a line. */
function lostIn({ durations, source }: Line, rate: number): number {
  const { edgesNs, weights, meanNs } = durations;
  const atLeastNone = (lost: number): number => Math.max(0, lost);
  if (source.isRare) return atLeastNone(rate * meanNs - 1 + Math.exp(-rate * meanNs));
  let lost = 0;
  let count = 0;
  weights.forEach((weight, i) => {
    const [from, to] = [edgesNs[i], edgesNs[i + 1]];
    const none = (Math.exp(-rate * from) - Math.exp(-rate * to)) / (rate * (to - from));
    lost += weight * atLeastNone((rate * (from + to)) / 2 - 1 + none);
    count += weight;
  });
  return lost / count;
}

function lengthened(durations: Durations, factor: number): Durations {
  const edgesNs = durations.edgesNs.map((edgeNs) => Math.round(edgeNs * factor));
  if (edgesNs.at(-1)! > LIMITS.workNs) return durations;
  return { ...durations, edgesNs, meanNs: durations.meanNs * factor };
}
