import { describe, expect, it } from 'vitest';
import { toHistogramLog, toPercentileDistribution } from '../../src/export/histogram-file.js';
import type { PolicyResult, ResultDocument } from '../../src/result/document.js';
import type { LatencyName } from '../../src/result/figures.js';
import { nonEmptyBuckets, summarize } from '../../src/result/histogram.js';
import type { HistogramData } from '../../src/result/outcome.js';
import { histogramOf } from '../../src/stats/prediction.js';
import { inventedResult } from '../fixtures/results/invented-result.js';

const INVENTION = { samples: 30, processors: 1, sources: ['a'] };

function setLatency(result: PolicyResult, latency: LatencyName, data: HistogramData): void {
  result.latency[latency] = summarize(data);
  result.distribution[latency] = nonEmptyBuckets(data);
}

function documentOf(data: HistogramData): ResultDocument {
  const document = inventedResult({ ...INVENTION, policies: ['vista'] });
  setLatency(document.results[0], 'isrWait', data);
  return document;
}

/** Not compressed: what a log's reader finds once it has inflated a line. */
const whole = (bytes: Uint8Array): Uint8Array => bytes;

interface Packed {
  cookies: [number, number];
  lengths: [number, number];
  normalizing: number;
  digits: number;
  range: [bigint, bigint];
  ratio: number;
  words: number[];
}

/** As HdrHistogram's V2 encoding has it, big endian. */
function unpacked(line: string): Packed {
  const bytes = Uint8Array.from(Buffer.from(line.split(',').at(-1)!, 'base64'));
  const view = new DataView(bytes.buffer);
  return {
    cookies: [view.getInt32(0), view.getInt32(8)],
    lengths: [view.getInt32(4), view.getInt32(12)],
    normalizing: view.getInt32(16),
    digits: view.getInt32(20),
    range: [view.getBigInt64(24), view.getBigInt64(32)],
    ratio: view.getFloat64(40),
    words: [...bytes.subarray(48)],
  };
}

function packed(data: HistogramData): Packed {
  const lines = toHistogramLog({ results: [{ label: '', document: documentOf(data) }] }, whole);
  return unpacked(lines.split('\n')[3]);
}

const wordsOf = (...values: number[]): number[] => packed(histogramOf(values)).words;

describe('a histogram of a log', () => {
  it('has the head of the second encoding, and as many bytes as it says', () => {
    expect(packed(histogramOf([1, 2]))).toEqual({
      cookies: [0x1c849314, 0x1c849313],
      lengths: [43, 3],
      normalizing: 0,
      digits: 3,
      range: [1n, 2n ** 37n - 1n],
      ratio: 1,
      words: [0, 2, 2],
    });
    expect(packed(histogramOf([2 ** 37])).range).toEqual([1n, 2n ** 37n]);
  });

  it('counts from the lowest bucket on, and how many are empty in between', () => {
    expect(wordsOf(0, 0, 0)).toEqual([6]);
    expect(wordsOf(1)).toEqual([0, 2]);
    expect(wordsOf(2)).toEqual([3, 2]);
    expect(wordsOf(0, 1, 3, 6)).toEqual([2, 2, 0, 2, 3, 2]);
    // The bucket 2,048 + 1,023, of the values 4,094 and 4,095.
    expect(wordsOf(4094, 4095)).toEqual([0x80 | (6141 & 0x7f), 6141 >> 7, 4]);
    // 2^37 is the least of the bucket 27 × 1,024 + 1,024 = 28,672.
    const empty = 2 * 28_672 - 1;
    expect(wordsOf(2 ** 37)).toEqual([
      0x80 | (empty & 0x7f),
      0x80 | ((empty >> 7) & 0x7f),
      empty >> 14,
      2,
    ]);
  });

  it('has counts of any length', () => {
    const words = (count: number): number[] => {
      const data = histogramOf([0]);
      return packed({ ...data, count, counts: Float64Array.of(count) }).words;
    };
    expect(words(63)).toEqual([126]);
    expect(words(64)).toEqual([0x80, 1]);
    expect(words(8191)).toEqual([0xfe, 0x7f]);
    expect(words(8192)).toEqual([0x80, 0x80, 1]);
    expect(words(2 ** 53 - 1)).toEqual([0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f]);
  });

  it('puts what the last bucket holds to the maximum', () => {
    const data = histogramOf([5, 2 ** 40]);
    const document = documentOf(data);
    const { isrWait } = document.results[0].distribution;
    const log = (): Packed =>
      unpacked(toHistogramLog({ results: [{ label: '', document }] }, whole).split('\n')[3]);
    const before = log().words;
    isrWait.lowNs[1] = 2 ** 37;
    expect(log().words).toEqual(before);
    // Its upper end is known: it lies where it begins.
    isrWait.highNs[1] = 2 ** 40 + 1;
    expect(log().words).not.toEqual(before);
    isrWait.highNs[0] = 2 ** 40;
    expect(log().words.slice(0, 2)).toEqual(before.slice(0, 2));
  });

  it('has a line for each policy and latency, with its maximum in ms and the run in s', () => {
    const document = inventedResult({ ...INVENTION, policies: ['vista', 'nt52'] });
    document.meta.durationNs = 1_234_567_890;
    document.results[1].policy = 'ü b';
    for (const result of document.results) {
      setLatency(result, 'dpcWait', histogramOf([1_234_567]));
      setLatency(result, 'isrWait', histogramOf([]));
      setLatency(result, 'interruptToDpc', histogramOf([99_499, 99_500]));
    }
    const results = [{ label: 'before', document }];
    const log = toHistogramLog({ results }, whole);
    expect(log.replace(/,[^,]{50,}\n/g, ',…\n')).toBe(
      [
        '#[Histogram log format version 1.3]',
        '#[StartTime: 0.000 (simulated seconds)]',
        '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
        'Tag=before.vista.isrWait,0.000,1.235,0.000,…',
        'Tag=before.vista.dpcWait,0.000,1.235,1.235,…',
        'Tag=before.vista.interruptToDpc,0.000,1.235,0.100,…',
        'Tag=before.__b.isrWait,0.000,1.235,0.000,…',
        'Tag=before.__b.dpcWait,0.000,1.235,1.235,…',
        'Tag=before.__b.interruptToDpc,0.000,1.235,0.100,…',
        '',
      ].join('\n'),
    );
    const shrunk = toHistogramLog({ results }, (bytes) => bytes.slice(0, 5));
    const first = Buffer.from(shrunk.split('\n')[3].split(',').at(-1)!, 'base64');
    expect([first.length, first.readInt32BE(4)]).toEqual([13, 5]);
  });
});

describe('a percentile distribution', () => {
  const textOf = (...values: number[]): string =>
    toPercentileDistribution(documentOf(histogramOf(values)).results[0], 'isrWait');

  it('ends with mean, deviation and what its buckets are', () => {
    const foot = (...values: number[]): string[] =>
      textOf(...values)
        .split('\n')
        .slice(-4);
    expect(foot()).toEqual([
      '#[Mean    =        0.000, StdDeviation   =        0.000]',
      '#[Max     =        0.000, Total count    =            0]',
      '#[Buckets =            1, SubBuckets     =         2048]',
      '',
    ]);
    expect(foot(1000, 3000)).toEqual([
      '#[Mean    =        2.000, StdDeviation   =        1.000]',
      '#[Max     =        3.000, Total count    =            2]',
      '#[Buckets =            2, SubBuckets     =         2048]',
      '',
    ]);
    const octaves = [2047, 2048, 4095, 4096].map((ns) => /Buckets = +(\d+)/.exec(textOf(ns))![1]);
    expect(octaves).toEqual(['1', '2', '2', '3']);
  });

  it('has lines at fifths of each halving, and the last value as the whole', () => {
    const shares = (...values: number[]): string[] =>
      [...textOf(...values).matchAll(/^ +([\d.]+) ([\d.]+) +(\d+)/gm)].map(
        ([, value, share, count]) => `${value} ${Number(share)} ${count}`,
      );
    expect(shares(7)).toEqual(['0.007 0 1', '0.007 1 1']);
    expect(shares(1, 2)).toEqual([
      '0.001 0 1',
      '0.001 0.1 1',
      '0.001 0.2 1',
      '0.001 0.3 1',
      '0.001 0.4 1',
      '0.001 0.5 1',
      '0.002 0.55 2',
      '0.002 1 2',
    ]);
    const many = shares(...Array.from({ length: 1000 }, (_, i) => i));
    expect(many.slice(0, 14)).toEqual([
      '0.000 0 1',
      '0.099 0.1 100',
      '0.199 0.2 200',
      '0.299 0.3 300',
      '0.399 0.4 400',
      '0.499 0.5 500',
      '0.549 0.55 550',
      '0.599 0.6 600',
      '0.649 0.65 650',
      '0.699 0.7 700',
      '0.749 0.75 750',
      '0.774 0.775 775',
      '0.799 0.8 800',
      '0.824 0.825 825',
    ]);
    expect(many.slice(-2)).toEqual(['0.999 0.9990234375 1000', '0.999 1 1000']);
  });
});
