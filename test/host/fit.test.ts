import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatFit } from '../../src/export/fit-table.js';
import { calibrate } from '../../src/recording/calibration.js';
import { recordingContexts } from '../../src/recording/recording-contexts.js';
import type { Recording } from '../../src/recording/recording.js';
import { fitRecording, MAX_FITTED_ARRIVALS } from '../../src/study/fit-recording.js';
import type { FitDocument } from '../../src/stats/fit.js';
import { countVerdicts, fitSentences } from '../../src/stats/fit-sentence.js';
import { fitOf, histogramOf, ksDistance, type VectorFit } from '../../src/stats/prediction.js';
import { INVENTED, inventedRecording } from '../fixtures/recordings/invented-recording.js';

const recording = inventedRecording();
const fitted = fitRecording(recording);

function vector({ vectors }: FitDocument, name: string): VectorFit {
  const found = vectors.find((each) => each.name === name);
  if (found === undefined) expect.fail(name);
  return found;
}

describe('a machine with known costs', () => {
  it('has its costs found again', () => {
    const { dispatchNs, dequeueNs, afterRaise, afterHandler } = calibrate(
      recordingContexts(recording),
      recording.meta.spanNs / 2,
    );
    expect(dispatchNs).toBe(Math.min(...INVENTED.afterHandlerNs));
    expect(dequeueNs).toBe(INVENTED.dequeueNs);
    const distinct = (samplesNs: readonly number[]): number[] =>
      [...new Set(samplesNs)].sort((a, b) => a - b);
    expect(afterRaise.map(({ name }) => name)).toEqual(['softirq/NET_RX']);
    expect(distinct(afterRaise[0].samplesNs)).toEqual(INVENTED.afterRaiseNs);
    expect(afterHandler.map(({ name }) => name)).toEqual([
      'ipi/call-to-1',
      'irq/nic',
      'vector/local_timer',
    ]);
    for (const { samplesNs } of afterHandler) {
      expect(distinct(samplesNs)).toEqual(INVENTED.afterHandlerNs);
    }
  });

  it('is measured where nothing else took part: an interrupted raise is no sample', () => {
    const { streams, meta } = recording;
    const netRx = streams.find(({ name }) => name === 'softirq/NET_RX')!;
    const raisedByThread = [...netRx.latencyNs].filter(
      (ns, i) => netRx.atNs[i] < meta.spanNs / 2 && ns <= Math.max(...INVENTED.afterRaiseNs),
    );
    expect(fitted.calibration.afterRaise[0].entry.count).toBe(raisedByThread.length);
    expect(raisedByThread.length).toBeGreaterThan(500);
  });

  it('has its second half predicted', () => {
    expect(fitted.vectors.map(({ name }) => name)).toEqual([
      'softirq/TIMER',
      'softirq/NET_RX',
      'softirq/SCHED',
    ]);
    for (const { recorded, predicted, ksDistance: distance, verdict } of fitted.vectors) {
      expect(predicted.count).toBe(recorded.count);
      expect(recorded.count).toBeGreaterThan(600);
      // Two draws of 750 from one distribution are closer than this in 999 of 1,000 cases.
      expect(distance).toBeLessThan(0.1);
      expect([verdict.p50Ns, verdict.p90Ns]).toEqual(['met', 'met']);
    }
    // TIMER has some 800 samples: too few for a p99.
    expect(countVerdicts(fitted.vectors)).toEqual({
      met: 8,
      missed: 0,
      tooFew: 1,
      tooCoarse: 0,
    });
  });

  it('is predicted to the nanosecond where nothing is left to chance', () => {
    const steady = fitRecording(inventedRecording({ entryNs: () => 800 }));
    expect(steady.calibration).toMatchObject({ dispatchNs: 800, dequeueNs: INVENTED.dequeueNs });
    for (const { recorded, predicted, distribution, ksDistance: distance } of steady.vectors) {
      expect(predicted).toEqual(recorded);
      expect(distribution.predicted).toEqual(distribution.recorded);
      expect(distance).toBe(0);
    }
  });

  it('gives the same document for the same seed, and another for another', () => {
    expect(fitRecording(recording)).toEqual(fitted);
    const other = fitRecording(recording, { seed: 2 });
    expect(other.calibration).toEqual(fitted.calibration);
    expect(other.vectors).not.toEqual(fitted.vectors);
    expect(countVerdicts(other.vectors).missed).toBe(0);
  });
});

describe('a machine that changes half way', () => {
  const changed = fitRecording(
    inventedRecording({
      entryNs: (ns, isLater) => (isLater ? 2 * ns : ns),
    }),
  );

  it('is missed, and the table and the sentences say so', () => {
    const netRx = vector(changed, 'softirq/NET_RX');
    expect(netRx.verdict.p50Ns).toBe('missed');
    expect(netRx.ratio.p50Ns).toBeLessThan(0.85);
    expect(netRx.ksDistance).toBeGreaterThan(0.2);
    expect(countVerdicts(changed.vectors).missed).toBeGreaterThan(0);
    expect(formatFit(changed)).toMatch(/ratio +0\.\d\d missed/);
    const sentences = fitSentences(changed).join(' ');
    expect(sentences).toContain('The targets are missed');
    // The cause is in the recording, and is said: its halves differ as much.
    expect(sentences).toMatch(/NET_RX: p50 is predicted \d+ % below \(the first half's was \d+ %/);
  });

  it('moves neither the costs nor what is predicted: the second half is not looked at', () => {
    expect(changed.calibration).toEqual(fitted.calibration);
    changed.vectors.forEach(({ name, predicted, distribution, before }, i) => {
      const unchanged = fitted.vectors[i];
      expect([name, before]).toEqual([unchanged.name, unchanged.before]);
      expect(predicted).toEqual(unchanged.predicted);
      expect(distribution.predicted).toEqual(unchanged.distribution.predicted);
      expect(distribution.recorded).not.toEqual(unchanged.distribution.recorded);
    });
  });
});

describe('what cannot be judged', () => {
  it('is marked, never shown as a number', () => {
    const few = fitRecording(inventedRecording({ events: 30 }));
    expect(countVerdicts(few.vectors)).toMatchObject({ met: 0, missed: 0 });
    for (const { ratio, verdict } of few.vectors) {
      expect(Object.values(ratio)).toEqual([null, null, null]);
      expect(Object.values(verdict)).toEqual(Array(3).fill('too few samples'));
    }
    const table = formatFit(few);
    expect(table).toContain('Nothing could be judged');
    expect(table).not.toContain('targets are met');
    for (const line of table.split('\n')) {
      if (line.includes('ratio')) expect(line).toMatch(/^ +ratio( +too few){3}$/);
      if (/recorded|predicted/.test(line) && /^ /.test(line)) expect(line).not.toMatch(/[µn]s/);
    }
  });

  it('is what the stamps are too coarse for', () => {
    const coarse = fitRecording({
      ...recording,
      meta: { ...recording.meta, stampResolutionNs: 1000 },
    });
    // Only p99 of NET_RX, of some 8 µs, stands far enough above steps of 1 µs.
    expect(countVerdicts(coarse.vectors)).toEqual({ met: 1, missed: 0, tooFew: 1, tooCoarse: 7 });
    const { ratio, verdict, recorded } = vector(coarse, 'softirq/NET_RX');
    expect([ratio.p50Ns, verdict.p50Ns]).toEqual([null, 'too coarse']);
    expect(recorded.p50Ns).not.toBeNull();
    expect(formatFit(coarse)).toMatch(/ratio( +too coarse)/);
    expect(fitSentences(coarse).join(' ')).toContain('stamps: 7 percentiles');
    const zero = histogramOf(new Array<number>(2000).fill(0));
    const latencies = { before: zero, recorded: zero, predicted: zero };
    expect(Object.values(fitOf('x', latencies, 1).verdict)).toEqual(Array(3).fill('too coarse'));
  });

  it('is refused where a half is empty, with the way out', () => {
    const only = (isKept: (atNs: number) => boolean): Recording => ({
      ...recording,
      streams: recording.streams.flatMap((stream) => {
        const kept = [...stream.atNs.keys()].filter((i) => isKept(stream.atNs[i]));
        if (kept.length === 0) return [];
        return [
          {
            ...stream,
            atNs: Float64Array.from(kept, (i) => stream.atNs[i]),
            processor: Uint16Array.from(kept, (i) => stream.processor[i]),
            isrNs: Uint32Array.from(kept, (i) => stream.isrNs[i]),
            serviceNs: Uint32Array.from(kept, (i) => stream.serviceNs[i]),
            latencyNs: Uint32Array.from(kept, (i) => stream.latencyNs[i]),
          },
        ];
      }),
    });
    const halfNs = recording.meta.spanNs / 2;
    expect(() => fitRecording(only((atNs) => atNs >= halfNs))).toThrow(/first half.*record longer/);
    expect(() => fitRecording(only((atNs) => atNs < halfNs))).toThrow(/second half.*record longer/);
    expect(() => fitRecording(only(() => false))).toThrow(/no softirq in the first half/);
    const devices = recording.streams.filter(({ kind }) => kind !== 'softirq');
    expect(() => fitRecording({ ...recording, streams: devices })).toThrow(/no softirq/);
  });

  it('is refused beyond its limit, and with a seed that is none', () => {
    const [stream] = recording.streams;
    const long = { ...stream, atNs: new Float64Array(MAX_FITTED_ARRIVALS + 1) };
    expect(() => fitRecording({ ...recording, streams: [long] })).toThrow(
      /2,000,001 arrivals; a fit takes at most 2,000,000.*import a shorter part/,
    );
    expect(() => fitRecording(recording, { seed: -1 })).toThrow(/seed/);
  });
});

describe('the Kolmogorov–Smirnov distance', () => {
  it.each([
    // After 4: 4/4 against 2/5. After 2: 2/4 against 0.
    [[1, 2, 3, 4], [3, 4, 5, 6, 7], 0.6],
    // After 20: 2/4 against 3/4. After 40: 4/4 against 3/4.
    [[10, 20, 30, 40], [10, 20, 20, 50], 0.25],
    [[5, 5, 5], [5], 0],
    [[1], [2], 1],
  ])('of %j and %j is %d', (a, b, distance) => {
    expect(ksDistance(histogramOf(a), histogramOf(b))).toBeCloseTo(distance, 12);
    expect(ksDistance(histogramOf(b), histogramOf(a))).toBeCloseTo(distance, 12);
  });

  it('is unknown without samples', () => {
    expect(ksDistance(histogramOf([]), histogramOf([1]))).toBeNull();
    expect(ksDistance(histogramOf([1]), histogramOf([]))).toBeNull();
  });

  it('is the greatest distance of the two staircases, for any samples', () => {
    const samples = fc.array(fc.nat(2047), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(samples, samples, (a, b) => {
        const share = (of: number[], x: number): number =>
          of.filter((value) => value <= x).length / of.length;
        const greatest = Math.max(...[...a, ...b].map((x) => Math.abs(share(a, x) - share(b, x))));
        expect(ksDistance(histogramOf(a), histogramOf(b))).toBeCloseTo(greatest, 12);
      }),
    );
  });
});

it('a fit says how far its replay is, and that changes nothing', () => {
  const recording = inventedRecording({ events: 60_000 });
  const shares: number[] = [];
  const told = fitRecording(recording, {
    onProgress: ({ share, interrupts }) => {
      expect(interrupts).toBeGreaterThan(0);
      shares.push(share);
    },
  });
  expect(shares.length).toBeGreaterThan(1);
  expect(shares).toEqual([...shares].sort((a, b) => a - b));
  expect(shares.at(-1)).toBeGreaterThan(0.5);
  expect(told).toEqual(fitRecording(recording));
});
