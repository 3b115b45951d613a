import { formatNs } from '../units.js';
import type { FigureComparison, Interval, PolicyComparison } from '../result/document.js';
import { LEAST_SHARDS } from './interval.js';
import { RESOLUTION } from '../result/histogram.js';

/** A ratio below this is said the other way round: 11 times shorter, not 0.093 times. */
export const SHORTER_BELOW = 0.5;

/** Two latencies closer than a histogram's bucket is wide cannot be told apart. */
export function isSameLatency(a: number, b: number): boolean {
  return Math.abs(a - b) <= RESOLUTION * Math.max(a, b);
}

/**
 * A comparison in words, intervals in parentheses: "vista sends 38.0 % fewer IPIs than pre-vista
 * (37.6 to 38.3) and its p99 DPC latency is 4.1 times as long (4.0 to 4.2): 90 µs against 22 µs."
 * A difference whose interval holds 0 is called not distinguishable.
 */
export function sentenceOf(comparison: Omit<PolicyComparison, 'sentence'>, shards: number): string {
  const { policy, against, perThousand, latency } = comparison;
  const ipis = sayIpis(perThousand.ipis, against);
  const p99 = sayLatency('p99 DPC latency', latency.dpcWait.p99Ns, against);
  const without = perThousand.ipis?.differenceInterval === null ? ` (${noInterval(shards)})` : '';
  const isAside = perThousand.ipis?.verdict === 'same' && perThousand.ipis.first === 0;
  return `${policy} ${ipis}${isAside ? ',' : ''} and ${p99}${without}.`;
}

/** As many shards as make intervals have none only where the machine's figures still changed. */
function noInterval(shards: number): string {
  if (shards >= LEAST_SHARDS) return 'no intervals: the machine had not settled';
  return `no intervals: ${shards} shard${shards === 1 ? ' says' : 's say'} too little about chance`;
}

function sayIpis(ipis: FigureComparison | null, against: string): string {
  if (ipis === null) return 'has seen no interrupts';
  const { first, other, ratio, ratioInterval, differenceInterval, verdict } = ipis;
  if (verdict === 'same') {
    return first === 0 ? `sends no IPIs, like ${against}` : `sends as many IPIs as ${against}`;
  }
  if (verdict === 'indistinguishable') {
    const apart =
      ratioInterval === null
        ? `${range(differenceInterval!)} of each thousand interrupts`
        : `${range(percentMore(ratioInterval))} %`;
    return `sends a number of IPIs that is not distinguishable from ${against} (${apart} more)`;
  }
  if (ratio === 0) {
    const rate = first.toPrecision(3);
    return `sends no IPIs where ${against} sends ${rate} for each thousand interrupts`;
  }
  if (ratio === null) {
    const perThousand = other.toPrecision(3);
    return `sends ${perThousand} IPIs for each thousand interrupts where ${against} sends none`;
  }
  if (ratio > 2) {
    const { point, interval } = withInterval(ratio, ratioInterval);
    return `sends ${point} times as many IPIs as ${against}${interval}`;
  }
  const sign = ratio < 1 ? -1 : 1;
  const more = ratioInterval && percentMore(ratioInterval);
  const part = more && (sign > 0 ? more : { low: -more.high, high: -more.low });
  const { point, interval } = withInterval(sign * (ratio - 1) * 100, part);
  return `sends ${point} % ${sign < 0 ? 'fewer' : 'more'} IPIs than ${against}${interval}`;
}

/** One latency figure of a policy against the first's: `its p99 DPC latency is …`. */
export function sayLatency(name: string, figure: FigureComparison | null, against: string): string {
  if (figure === null) return `there are too few samples for its ${name}`;
  const { first, other, ratio, ratioInterval, verdict } = figure;
  const values = `${formatNs(other)} against ${formatNs(first)}`;
  if (verdict === 'same') return `its ${name} is the same (${formatNs(other)})`;
  if (ratio === null) return `its ${name} is ${formatNs(other)} where ${against} has none`;
  const { point, interval } = withInterval(ratio, ratioInterval);
  if (verdict === 'indistinguishable') {
    const times = ratioInterval === null ? '' : `${range(ratioInterval)} times, `;
    return `its ${name} is not distinguishable from that of ${against} (${times}${values})`;
  }
  if (ratio > 0 && ratio < SHORTER_BELOW && (ratioInterval?.low ?? ratio) > 0) {
    const shorter = ratioInterval && { low: 1 / ratioInterval.high, high: 1 / ratioInterval.low };
    const times = withInterval(1 / ratio, shorter);
    return (
      `its ${name} is ${times.point} times shorter than that of ${against}` +
      `${times.interval}: ${values}`
    );
  }
  return `its ${name} is ${point} times that of ${against}${interval}: ${values}`;
}

function percentMore({ low, high }: Interval): Interval {
  return { low: (low - 1) * 100, high: (high - 1) * 100 };
}

function range({ low, high }: Interval): string {
  const digits = decimalsFor(high - low);
  return `${low.toFixed(digits)} to ${high.toFixed(digits)}`;
}

/** The point with as many decimals as its interval can carry; `interval` is "" or ` (a to b)`. */
function withInterval(
  point: number,
  interval: Interval | null,
): { point: string; interval: string } {
  if (interval === null) return { point: point.toFixed(decimalsFor(point / 30)), interval: '' };
  const digits = decimalsFor(interval.high - interval.low);
  return { point: point.toFixed(digits), interval: ` (${range(interval)})` };
}

/** The first decimal in which both ends of an interval of this width differ, at most four. */
function decimalsFor(width: number): number {
  if (!(width > 0)) return 1;
  return Math.max(0, Math.min(4, -Math.floor(Math.log10(width))));
}
