import { expect, it } from 'vitest';
import { periodEdgeNs, periodIndex } from '../../src/recording/period-histogram.js';
import { BoundedMedian, PeriodHistogram } from '../../src/recording/period-histogram.js';
import type {
  RecordedProcessor,
  RecordedStream,
  Recording,
  StreamKind,
  TraceFormat,
} from '../../src/recording/recording.js';
import { replayScenario } from '../../src/recording/replay.js';
import { expectGolden } from './golden-file.js';
import { Pick } from './pick.js';
import { NO_PERIODS, QUIET_PROCESSOR } from '../fixtures/recordings/quiet-processor.js';

function drawnPeriods(pick: Pick): RecordedProcessor['busyPeriods'] {
  const histogram = new PeriodHistogram();
  const short = pick.flip();
  for (let i = pick.of(0, 1, 2, 5); i > 0; i--) {
    histogram.add(short ? pick.of(0, 0, 1, 2) : pick.of(0, 1, 15, 16, 17, 500, 999_999, 1e15));
  }
  return histogram.toCounts();
}

function drawnProcessor(pick: Pick): RecordedProcessor {
  return {
    ...QUIET_PROCESSOR,
    tickPeriodNs: pick.of(0, 9_999, 10_000, 4_000_000, 1_000_000_000, 1_000_000_001),
    busyPeriods: drawnPeriods(pick),
    idlePeriods: pick.of(NO_PERIODS, drawnPeriods(pick)),
  };
}

const NAMES: [string, StreamKind][] = [
  ['dpc/a.sys', 'softirq'],
  ['ipi/call-to-1', 'ipi'],
  ['irq/nic', 'irq'],
  ['softirq/RCU', 'softirq'],
  ['vector/local_timer', 'vector'],
];

function drawnRecording(pick: Pick): Recording {
  const processors = Array.from({ length: pick.of(2, 3, 4) }, () => drawnProcessor(pick));
  const streams = pick.some(...NAMES).map(([name, kind]): RecordedStream => {
    const length = pick.of(1, 2);
    return {
      name,
      kind,
      target: kind === 'ipi' ? 1 : null,
      atNs: new Float64Array(length),
      processor: new Uint16Array(length),
      isrNs: new Uint32Array(length),
      serviceNs: new Uint32Array(length),
      latencyNs: new Uint32Array(length),
    };
  });
  const format = pick.of<TraceFormat>('ftrace', 'wpa-csv', 'kutrace-json');
  const spanNs = pick.of(0, 1, 5_000);
  const meta = { origin: 'a.txt', format, processors: processors.length, spanNs };
  return { meta: { ...meta, stampResolutionNs: 1 }, processors, streams };
}

it('what a recording tells is replayed as before', () => {
  const told = Array.from({ length: 60 }, (_, seed) => {
    const pick = new Pick(seed);
    const recording = drawnRecording(pick);
    const [name] = pick.of(...NAMES);
    const importances: Record<string, 'high'> = pick.of<Record<string, 'high'>>(
      {},
      {},
      { [name]: pick.of('high', 'highest' as never) },
    );
    try {
      const scenario = replayScenario(recording, 'A name', { importances });
      const { machine, sources, question, until } = scenario;
      const { background, processors, tickNs, costs } = machine as typeof machine & {
        tickNs?: unknown;
      };
      return [
        `${seed}: ${question} ${JSON.stringify({ processors, tickNs, costs, until })}`,
        ...background.map((threads) => `  ${JSON.stringify(threads)}`),
        ...sources.map((source) => `  ${JSON.stringify({ ...source, arrivals: undefined })}`),
      ].join('\n');
    } catch (error) {
      return `${seed}: refused: ${(error as Error).message}`;
    }
  });
  expectGolden('recordings/replays.txt', told.join('\n') + '\n');
});

it('a period is in the bucket whose edges it lies between', () => {
  const edges = Array.from({ length: 394 }, (_, i) => periodEdgeNs(i));
  expect(edges.slice(0, 20)).toEqual([
    ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20, 22],
  ]);
  edges.forEach((edgeNs, i) => {
    expect(periodIndex(edgeNs)).toBe(i);
    if (i > 0) expect(periodIndex(edgeNs - 1)).toBe(i - 1);
    // No wider than an eighth of what is in it.
    if (i > 8) expect(edgeNs - edges[i - 1]).toBeLessThanOrEqual(edgeNs / 8);
  });
  expect(periodIndex(2 ** 52 - 1)).toBe(49 * 8 - 1 + 8);
});

it('periods are counted with their sum, from the first bucket that has any to the last', () => {
  const histogram = new PeriodHistogram();
  expect(histogram.toCounts()).toEqual(NO_PERIODS);
  for (const ns of [20, 17, 16, 5]) histogram.add(ns);
  const counts = new Array<number>(14).fill(0);
  counts[0] = 1;
  counts[11] = 2;
  counts[13] = 1;
  expect(histogram.toCounts()).toEqual({ count: 4, sumNs: 58, firstIndex: 5, counts });
});

it('a median is the lower one, of the first 65,536 values', () => {
  const of = (...values: number[]): number => {
    const median = new BoundedMedian();
    for (const value of values) median.add(value);
    return median.value();
  };
  expect([of(), of(7), of(9, 2), of(9, 2, 5), of(100, 20, 3, 4)]).toEqual([0, 7, 2, 5, 4]);
  const many = new BoundedMedian();
  for (let i = 0; i < 32_768; i++) many.add(1);
  for (let i = 0; i < 32_768; i++) many.add(2);
  expect(many.value()).toBe(1);
  many.add(3);
  expect(many.value()).toBe(1);
});
