import { describe, it } from 'vitest';
import { renderOverTime } from '../../src/report/draw-over-time.js';
import type { OverTimeModel, TimedPolicy } from '../../src/report/model.js';
import { type GroupLoad, rowLow } from '../../src/result/over-time.js';
import { expectGoldenPart, hashOf } from './golden-file.js';

const FILE = 'pages/over-time.txt';
const BINS = 5;

/** Waits in these rows, from the lowest on; none in the second bin. */
function waitsOf(rows: readonly number[]): TimedPolicy['waits'] {
  const bins = Array.from({ length: BINS }, (_, bin) => bin);
  const tops = rows.map((row) => rowLow(row + 1) - 1);
  return {
    count: bins.map((bin) => (bin === 1 ? 0 : 1000 + bin)),
    maxNs: bins.map((bin) => (tops.at(-1) ?? 0) - bin),
    p50Ns: bins.map((bin) => (bin === 2 ? null : (tops[0] ?? null))),
    p99Ns: bins.map((bin) => (bin < 3 ? null : (tops.at(-1) ?? null))),
    lowNs: rows.map(rowLow),
    counts: rows.map((_, i) => bins.map((bin) => (bin === 1 ? 0 : 7 ** i + (i + 1) * bin))),
  } as TimedPolicy['waits'];
}

function busyOf(rows: number, share: (row: number, bin: number) => number, count = 1): GroupLoad[] {
  return Array.from({ length: rows }, (_, row) => ({
    first: row * count,
    count: row === rows - 1 ? Math.max(1, count - 1) : count,
    shares: Array.from({ length: BINS }, (__, bin) => share(row, bin)),
  }));
}

function policyOf(changes: Partial<TimedPolicy> = {}): TimedPolicy {
  return {
    places: [-2, -1, 0, 1, 2],
    endsNs: [5e6, 15e6, 25e6, 35e6, 42e6],
    waits: waitsOf([30, 31, 33, 40]),
    ipisPerSecond: [null, 100, 0, 250.5, 1e4],
    queued: [0.5, null, null, 1, 2],
    busy: busyOf(3, (row, bin) => (row + bin) / 10),
    ...changes,
  };
}

function modelOf(changes: Partial<OverTimeModel> = {}): OverTimeModel {
  return {
    id: 'time',
    warmupNs: 15e6,
    binNs: 10e6,
    lastsNs: 42e6,
    shards: 1,
    processors: 3,
    policies: [policyOf(), policyOf({ ipisPerSecond: [1, 2, 3, 4, 5] })],
    table: { caption: 'Data', columns: [{ label: 'At', unit: 'text', values: ['0'] }], note: '' },
    ...changes,
  };
}

const withWaits = (...rows: number[]): OverTimeModel =>
  modelOf({ policies: [policyOf({ waits: waitsOf(rows) })] });
const withBusy = (busy: GroupLoad[]): OverTimeModel => modelOf({ policies: [policyOf({ busy })] });
const sharp = (row: number, bin: number): number => ((row + bin) % 2 === 0 ? 1 : 0);

const MODELS: Record<string, OverTimeModel> = {
  'two rule sets, and a warm-up': modelOf(),
  'no warm-up, of many shards': modelOf({ warmupNs: 0, shards: 1200 }),
  'a fifth of warm-up': modelOf({ warmupNs: 8e6, lastsNs: 40e6 }),
  'less than a fifth': modelOf({ warmupNs: 8e6, lastsNs: 40_000_001 }),
  'a warm-up of whole bins': modelOf({ warmupNs: 10e6, lastsNs: 40e6 }),
  'a warm-up that lasts': modelOf({ warmupNs: 50e6 }),
  'ticks at the end': modelOf({ lastsNs: 40e6, warmupNs: 39e6 }),
  'four rule sets': modelOf({ policies: Array.from({ length: 4 }, () => policyOf()) }),
  'five rule sets': modelOf({ policies: Array.from({ length: 5 }, () => policyOf()) }),
  'nothing waited': withWaits(),
  'waits of one row': withWaits(0),
  'waits of eight rows': withWaits(3, 10),
  'waits of nine rows': withWaits(3, 11),
  'waits from nothing to far': withWaits(0, 20, 60, 90),
  'waits of long': withWaits(50, 51, 52),
  'no rates': modelOf({
    policies: [
      policyOf({ ipisPerSecond: Array<null>(BINS).fill(null), queued: [0, 0, 0, 0, 0] }),
      policyOf({ ipisPerSecond: [null, null, null, null, 7] }),
    ],
  }),
  'one that ends early': modelOf({
    policies: [policyOf({ places: [-2, -1], endsNs: [5e6, 15e6] }), policyOf()],
  }),
  'idle processors': withBusy(busyOf(2, () => 0)),
  'one processor': withBusy(busyOf(1, (_, bin) => bin / 5)),
  'all alike': withBusy(busyOf(4, () => 0.25)),
  'the busiest twice': withBusy(busyOf(4, (row, bin) => (row % 2 === 1 ? 0.5 : bin / 20))),
  'sixteen rows': withBusy(busyOf(16, (row) => row / 16)),
  'seventeen rows': withBusy(busyOf(17, (row) => row / 17)),
  'groups of two, and an odd one': withBusy(busyOf(5, (row, bin) => (row + bin) / 9, 2)),
  'as many runs as are drawn': withBusy(busyOf(800, sharp)),
  'more runs than that': withBusy(busyOf(801, sharp)),
  'many more': withBusy(busyOf(3300, (row, bin) => (row % 7) / 7 + bin / 99)),
};

describe('a run over its time, as before, is', () => {
  it.each(Object.keys(MODELS))('drawn: %s', (name) => {
    const model = MODELS[name];
    const policies = model.policies.map((_, i) => `rules ${i} <`);
    const html = renderOverTime(model, policies);
    const text = html
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim();
    const lines = text.match(/\S.{0,90}(?= |$)/g) ?? [];
    const drawn = [...html.matchAll(/ (?:viewBox|d|transform|data-bins)="[^"]{1,90}"/g)];
    const marks = drawn.slice(0, 12).map(([mark]) => mark.trim());
    const hash = `${html.length} characters: ${hashOf(html)}`;
    expectGoldenPart(FILE, name, `${[...lines, ...marks, hash].join('\n')}\n`);
  });
});
