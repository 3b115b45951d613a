import type { Load } from './dpcisr-load.js';
import type { Durations } from './load-module.js';

/** So close, as a standard deviation, shall chance let a processor's time come to the reported. */
const CLOSE = 0.008;
/** Arrivals, or ticks, of a run; more would take longer than anybody waits. */
const MOST_EVENTS = 30_000_000;
/**
 * Of the number of arrivals that come once a period, at any instant of it: each of the 20 shards
 * of a run begins and ends within a period, and a part p of one has p (1 − p), 1/6 on average.
 */
const EDGES_VARIANCE = 20 * 2 * (1 / 6);
/** By the default tick. */
const TICKS_PER_SECOND = 64;

/** By processor: what a second of routines has on average, and how much chance is in it. */
interface Chance {
  means: Float64Array;
  squares: Float64Array;
  edges: Float64Array;
}

/** A sum over Poisson arrivals has the variance of their number times the mean square. */
function chanceOf({ modules }: Load, processors: number, kind: 'dpc' | 'isr'): Chance {
  const means = new Float64Array(processors);
  const squares = new Float64Array(processors);
  const edges = new Float64Array(processors);
  for (const source of modules.flatMap((module) => module.sources)) {
    const { processor, ratePerSecond, isRare, isPeriodic, [kind]: durations } = source;
    if (durations === null) continue;
    const { mean, square } = momentsOf(durations, isRare);
    means[processor] += ratePerSecond * mean;
    // Where their number is given, chance is in the durations alone.
    const byNumber = isPeriodic ? square - mean ** 2 : square;
    squares[processor] += ratePerSecond * byNumber;
    if (isPeriodic) edges[processor] += EDGES_VARIANCE * mean ** 2;
  }
  return { means, squares, edges };
}

/**
 * The standard deviation of a processor's time in a run of so many seconds, as a share of its mean;
 * 0 where it has none.
 */
export function chanceByProcessor(
  load: Load,
  processors: number,
  kind: 'dpc' | 'isr',
  seconds: number,
): number[] {
  const { edges, means, squares } = chanceOf(load, processors, kind);
  return Array.from(means, (mean, i) =>
    mean === 0 ? 0 : Math.sqrt(squares[i] * seconds + edges[i]) / (mean * seconds),
  );
}

/**
 * How many seconds to simulate so that DPC and ISR time of every processor come out as reported but
 * for little chance: at least the reported span, a whole number of seconds.
 */
export function secondsToSimulate(load: Load, processors: number, spanUs: number): number {
  let seconds = spanUs / 1e6;
  for (const kind of ['dpc', 'isr'] as const) {
    const { edges, means, squares } = chanceOf(load, processors, kind);
    means.forEach((mean, i) => {
      if (mean === 0) return;
      // The t of (squares t + edges) / (mean t)² = CLOSE².
      const a = squares[i] / (mean * CLOSE) ** 2 / 2;
      const b = edges[i] / (mean * CLOSE) ** 2;
      seconds = Math.max(seconds, a + Math.sqrt(a * a + b));
    });
  }
  const sources = load.modules.flatMap((module) => module.sources);
  const rate = sources.reduce((sum, { ratePerSecond }) => sum + ratePerSecond, 0);
  const most = MOST_EVENTS / (rate + processors * TICKS_PER_SECOND);
  return Math.max(1, Math.ceil(Math.min(seconds, Math.max(most, spanUs / 1e6))));
}

function momentsOf(
  { edgesNs, meanNs, weights }: Durations,
  isRare: boolean,
): { mean: number; square: number } {
  if (isRare) return { mean: meanNs, square: meanNs ** 2 };
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let mean = 0;
  let square = 0;
  weights.forEach((weight, i) => {
    const [from, to] = [edgesNs[i], edgesNs[i + 1]];
    mean += ((weight / total) * (from + to)) / 2;
    square += ((weight / total) * (from * from + from * to + to * to)) / 3;
  });
  return { mean, square };
}
