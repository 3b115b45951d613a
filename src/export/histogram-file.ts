import type { HistogramJson, LatencySummary, PolicyResult } from '../result/document.js';
import { LATENCY_NAMES } from '../result/figures.js';
import { bucketIndex } from '../result/histogram.js';
import type { Exported } from './result-table.js';

/** Makes zlib's format of bytes; the file system and zlib are the caller's. */
export type Deflate = (bytes: Uint8Array) => Uint8Array;

/** Lines of a percentile distribution for each halving of what lies above, as HdrHistogram's. */
const TICKS_PER_HALF = 5;
const NS_PER_US = 1000;
const NS_PER_MS = 1_000_000;
const NS_PER_SECOND = 1_000_000_000;

/**
 * A latency as HdrHistogram's percentile distribution (`.hgrm`), in microseconds with three
 * decimals, so exact to the ns. Its plotter and others read it. Values are the greatest of their
 * bucket, never above the maximum; the mean is that of the samples, not of buckets.
 */
export function toPercentileDistribution(result: PolicyResult, latency: LatencyName): string {
  const buckets = result.distribution[latency];
  const summary = result.latency[latency];
  const lines = ['       Value     Percentile TotalCount 1/(1-Percentile)', ''];
  let level = 0;
  let below = 0;
  const last = buckets.counts.length - 1;
  buckets.counts.forEach((count, i) => {
    below += count;
    const ns = Math.min(buckets.highNs[i], summary.maxNs);
    while ((100 * below) / summary.count >= level) {
      lines.push(percentileLine(ns, level / 100, below));
      const halvings = Math.floor(Math.log2(100 / (100 - level))) + 1;
      level += 100 / (TICKS_PER_HALF * 2 ** halvings);
      // The last value is told once, and once as the whole.
      if (i === last) break;
    }
    if (i === last) lines.push(percentileLine(ns, 1, below));
  });
  return [...lines, ...footOf(summary, buckets), ''].join('\n');
}

type LatencyName = (typeof LATENCY_NAMES)[number];

function percentileLine(ns: number, share: number, count: number): string {
  const beyond = share === 1 ? '' : ` ${(1 / (1 - share)).toFixed(2).padStart(14)}`;
  return `${microseconds(ns)} ${share.toFixed(12)} ${String(count).padStart(10)}${beyond}`;
}

function footOf(summary: LatencySummary, { lowNs, highNs, counts }: HistogramJson): string[] {
  const { count, meanNs, maxNs } = summary;
  const squares = counts.reduce(
    (sum, n, i) => sum + n * ((lowNs[i] + highNs[i]) / 2 - meanNs) ** 2,
    0,
  );
  const deviation = count === 0 ? 0 : Math.sqrt(squares / count);
  const whole = (n: number): string => String(n).padStart(12);
  const octaves = Math.max(1, Math.ceil(Math.log2((maxNs + 1) / SUB_BUCKETS)) + 1);
  return [
    `#[Mean    = ${microseconds(meanNs)}, StdDeviation   = ${microseconds(deviation)}]`,
    `#[Max     = ${microseconds(maxNs)}, Total count    = ${whole(count)}]`,
    `#[Buckets = ${whole(octaves)}, SubBuckets     = ${whole(SUB_BUCKETS)}]`,
  ];
}

const SUB_BUCKETS = 2048;

function microseconds(ns: number): string {
  return (ns / NS_PER_US).toFixed(3).padStart(12);
}

/**
 * All latencies of all policies as HdrHistogram's log, version 1.3: a line for each, tagged
 * `POLICY.LATENCY`, in ns. The time of a line is simulated time.
 */
export function toHistogramLog({ results }: Exported, deflate: Deflate): string {
  const lines = [
    '#[Histogram log format version 1.3]',
    '#[StartTime: 0.000 (simulated seconds)]',
    '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
  ];
  for (const { label, document } of results) {
    const seconds = (document.meta.durationNs / NS_PER_SECOND).toFixed(3);
    for (const result of document.results) {
      for (const latency of LATENCY_NAMES) {
        const tag = [label, result.policy, latency].filter((part) => part !== '').join('.');
        const maxMs = (result.latency[latency].maxNs / NS_PER_MS).toFixed(3);
        const packed = base64(compressed(result, latency, deflate));
        lines.push(`Tag=${tag.replace(/[^\w.+-]/gu, '_')},0.000,${seconds},${maxMs},${packed}`);
      }
    }
  }
  return `${lines.join('\n')}\n`;
}

/** Cookies of the second encoding, with words of up to nine bytes. */
const V2_COOKIE = 0x1c849313;
const V2_COMPRESSED_COOKIE = 0x1c849314;
const SIGNIFICANT_DIGITS = 3;
const HEAD_BYTES = 40;
/** Values up to here have a bucket in every file, so that files of equal range can be added. */
const LEAST_RANGE_NS = 2 ** 37 - 1;

function compressed(result: PolicyResult, latency: LatencyName, deflate: Deflate): Uint8Array {
  const { maxNs } = result.latency[latency];
  const words = countWords(result.distribution[latency], maxNs);
  const bytes = new Uint8Array(HEAD_BYTES + words.length);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, V2_COOKIE);
  view.setInt32(4, words.length);
  // Bytes 8 to 12 stay 0: no bucket is shifted.
  view.setInt32(12, SIGNIFICANT_DIGITS);
  view.setBigInt64(16, 1n);
  view.setBigInt64(24, BigInt(Math.max(maxNs, LEAST_RANGE_NS)));
  view.setFloat64(32, 1);
  bytes.set(words, HEAD_BYTES);
  const packed = deflate(bytes);
  const framed = new Uint8Array(8 + packed.length);
  const frame = new DataView(framed.buffer);
  frame.setInt32(0, V2_COMPRESSED_COOKIE);
  frame.setInt32(4, packed.length);
  framed.set(packed, 8);
  return framed;
}

/**
 * Counts by bucket from the lowest on, as zigzag LEB128 of at most nine bytes; a negative number
 * stands for so many empty buckets. Ours and HdrHistogram's buckets have the same indices
 * (`result/histogram.ts`); the last one, which has no upper end, is taken to lie at the maximum.
 */
function countWords({ lowNs, highNs, counts }: HistogramJson, maxNs: number): number[] {
  const words: number[] = [];
  let next = 0;
  counts.forEach((count, i) => {
    const isLast = i === counts.length - 1;
    const index = bucketIndex(isLast && highNs[i] === maxNs ? maxNs : lowNs[i]);
    const gap = index - next;
    if (gap === 1) pushZigzag(words, 0);
    if (gap > 1) pushZigzag(words, -gap);
    pushZigzag(words, count);
    next = index + 1;
  });
  return words;
}

function pushZigzag(words: number[], value: number): void {
  // A whole number below 2^53 takes no ninth byte, whose bits are told otherwise.
  let rest = value < 0 ? -2n * BigInt(value) - 1n : 2n * BigInt(value);
  while (rest > 0x7fn) {
    words.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  words.push(Number(rest));
}

function base64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}
